import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timedLine } from '../src/world/lines.ts';
import { LineError, readLine, skimLine } from '../src/world/read.ts';

// Names that look like the text around them, and ordinary ones.
const name = fc.oneof(
  fc.constantFrom('n1', 'n2', 'a b', '"clock":{', '},"x', ':1}', '1},'),
  fc.string({ unit: fc.constantFrom('}', '{', '"', ',', ':', '1', '\\', ' ', 'n'), maxLength: 8 }),
);
const clock = fc.dictionary(name, fc.oneof(fc.nat(), fc.constantFrom(1e21, 0.5, -1, null)), { maxKeys: 5 });
const spacing = fc.constantFrom(undefined, 1);
const record = fc
  .record({ node: name, clock, text: name, inner: fc.record({ clock }) })
  .chain(({ node, clock, text, inner }) =>
    fc.constantFrom<object>(
      { seq: 1, at: 2, node, clock, type: 'note', text },
      { clock, at: 2, node, type: 'note', text },
      { type: 'note', text, node, at: 2, clock },
      { type: 'emit', event: { type: 'x', ...inner }, actor: text, node, at: 2, clock },
      { type: 'note', text, node, at: 2 },
    ),
  );

describe('a line that is skimmed', () => {
  const outcome = (read: typeof readLine, line: string) => {
    try {
      return read(line);
    } catch (error) {
      expect(error).toBeInstanceOf(LineError);
      return (error as LineError).message;
    }
  };

  it('is read as ever, but for the entries of other nodes in its clock', () => {
    fc.assert(
      fc.property(record, spacing, (fields, space) => {
        const line = timedLine(7, JSON.stringify(fields, undefined, space).replaceAll('\n', ' '));
        const [whole, skimmed] = [outcome(readLine, line), outcome(skimLine, line)];
        const own = (read: typeof whole) =>
          typeof read === 'object'
            ? { ...read, record: { ...read.record, clock: read.record.clock[read.record.node] } }
            : read;
        expect(own(skimmed)).toEqual(own(whole));
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves the clocks of others unread', () => {
    const line = '{"seq":3,"at":1,"node":"n2","clock":{"n1":9,"n2":4,"n3":7},"type":"note","text":"x"}';
    expect(skimLine(line)?.record.clock).toEqual({ n2: 4 });
    expect(skimLine(line.replace('"node":"n2"', '"node":"n"'))?.record.clock).toEqual({});
  });

  it.each(['', 'x', '{', '{"clock":{', '{"clock":{}', '{"clock":{"a":1}', '[]', '{"clock":{"a":1},}'])(
    'is refused as ever: %s',
    (line) => expect(outcome(skimLine, line)).toBe(outcome(readLine, line)),
  );
});
