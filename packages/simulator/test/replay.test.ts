import { describe, expect, it } from 'vitest';
import { asTest, encodeReplay, parseReplay, type ReplayFile, recordReplay, replay, shrink } from '../src/index.ts';
import { specification as toys } from './fixtures/toys.mjs';
import { runTests } from './run-tests.ts';

let known: ReplayFile | undefined;

/** A run that broke a promise, shrunk. */
function failing(): ReplayFile {
  known ??= recordReplay(toys, shrink(toys, { seed: 1, seconds: 60 })?.options);
  return known;
}

describe('a replay file', () => {
  it('gives, read back, the same violation and the same bytes of trace', () => {
    const file = parseReplay(encodeReplay(failing()));
    expect(file.violation?.property).toBe('One Leader');
    const { sameViolation, sameTrace, difference } = replay(toys, file);
    expect({ sameViolation, sameTrace, difference }).toEqual({ sameViolation: true, sameTrace: true });
  });

  it('keeps mutant, requests, network and disk', () => {
    const file = recordReplay(toys, {
      simulation: 'registers',
      mutant: 'fragile',
      seconds: 30,
      faults: [],
      requests: [],
      network: { loss: 0.1, links: [{ from: 'c1', to: 'n1', latency: { minMs: 9, maxMs: 10 } }] },
      disk: { syncMs: [2, 3] },
    });
    expect(file.violation?.kind).toBe('assertion');
    const again = replay(toys, parseReplay(encodeReplay(file)));
    expect([again.sameViolation, again.sameTrace]).toEqual([true, true]);
  });

  it('of a run that kept its promises says so', () => {
    const file = recordReplay(toys, { seconds: 1, faults: [] });
    expect(file.violation).toBeUndefined();
    expect(replay(toys, file)).toMatchObject({ sameViolation: true, sameTrace: true });
  });

  it('shows the first record that differs', () => {
    const file = failing();
    const trace = file.trace.with(3, { ...(file.trace[3] as (typeof file.trace)[number]), at: 1 });
    const { sameTrace, difference } = replay(toys, { ...file, trace });
    expect(sameTrace).toBe(false);
    expect(difference).toMatchObject({ index: 3, recorded: expect.stringContaining('"at":1') });
    const shorter = replay(toys, { ...file, trace: file.trace.slice(0, -1) });
    expect(shorter.difference).toMatchObject({ index: file.trace.length - 1, replayed: expect.any(String) });
    expect(shorter.difference).not.toHaveProperty('recorded');
  });

  it('tells when the violation is another', () => {
    const { violation, ...file } = failing();
    expect(replay(toys, file).sameViolation).toBe(false);
    expect(violation && replay(toys, { ...file, violation: { ...violation, atMs: 1 } }).sameViolation).toBe(false);
  });

  it('of another protocol is refused', () => {
    expect(() => replay(toys, { ...failing(), protocol: 'raft' })).toThrow(
      expect.objectContaining({ code: 'REPLAY_PROTOCOL' }),
    );
  });

  it.each([
    ['no JSON', () => '{', 'REPLAY_INVALID', /not JSON/],
    ['nothing', () => 'null', 'REPLAY_INVALID', /not valid/],
    ['a field missing', (text: string) => text.replace('"seed"', '"sead"'), 'REPLAY_INVALID', /seed/],
    ['an older version', (text: string) => text.replace('"version": 1', '"version": 0'), 'REPLAY_VERSION', /version 0/],
    [
      'a network that cannot be',
      (text: string) => text.replace('"schedule"', '"network": { "bytesPerSecond": -1 }, "schedule"'),
      'REPLAY_INVALID',
      /network\.bytesPerSecond/,
    ],
    ['a bad schedule', (text: string) => text.replace('"forMs"', '"for"'), 'SCHEDULE_INVALID', /forMs/],
  ])('that is damaged is refused, naming the part: %s', (_, damage, code, part) => {
    const text = damage(encodeReplay(failing()));
    expect(() => parseReplay(text)).toThrow(expect.objectContaining({ code }));
    expect(() => parseReplay(text)).toThrow(part);
  });
});

describe('as a test', () => {
  it('a run that failed must not fail again', () => {
    const text = asTest(failing(), { module: './toys.mjs' });
    expect(text).toContain("import { specification } from './toys.mjs';");
    expect(text).toContain("it('keeps One Leader with seed 1', () => {");
    expect(text).toContain('expect(violations).toEqual([]);');
    expect(text).toMatch(/schedule: \[\n {6}\{ kind: '\w+', atMs: \d+/);
  });

  it('a mutant must be found', () => {
    const file = recordReplay(toys, { simulation: 'registers', mutant: 'fragile', faults: [], seconds: 30 });
    const text = asTest(file);
    expect(text).toContain("from '@synod/machines/toys'");
    expect(text).toContain("mutant: 'fragile'");
    expect(text).toContain(`toContain('${file.violation?.property}')`);
  });

  it('runs in a project of its own, and fails for as long as the promise is broken', async () => {
    const healthy = recordReplay(toys, { seconds: 1, faults: [] });
    const mutant = recordReplay(toys, { simulation: 'registers', mutant: 'fragile', faults: [], seconds: 30 });
    const outcomes = await runTests({ broken: failing(), healthy, mutant });
    expect(outcomes).toEqual({
      broken: { title: 'keeps One Leader with seed 1', status: 'failed', says: expect.stringContaining('One Leader') },
      healthy: { title: 'keeps what it promises with seed 1', status: 'passed', says: '' },
      mutant: { title: expect.stringMatching(/^finds mutant fragile with seed 1: /), status: 'passed', says: '' },
    });
  });

  it('of a mutant that broke nothing does not claim to find it', () => {
    const { violation: _, ...file } = recordReplay(toys, { simulation: 'registers', mutant: 'fragile', seconds: 0.1 });
    expect(asTest(file)).toContain("it('keeps what it promises with seed 1'");
  });
});
