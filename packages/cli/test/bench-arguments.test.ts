import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { JSON_OPTION, readArguments } from '../bench/arguments.ts';

const usage = {
  name: 'lamp',
  about: 'How bright it is.',
  options: {
    only: { type: 'string', is: ['red', 'green'], about: 'this colour alone' },
    seconds: { type: 'string', is: 'NUMBER', default: '60', about: 'how long' },
    json: JSON_OPTION,
    child: { type: 'string' },
  },
} as const;

describe('the arguments of a bench', () => {
  it('are what was given, beside what is usual', () => {
    expect(readArguments(usage, ['--only', 'red', '--json'])).toEqual({
      values: { only: 'red', seconds: '60', json: true },
    });
  });

  it.each(['--help', '-h'])('with %s are its usage, without what its own processes say to each other', (asked) => {
    expect(readArguments(usage, ['--json', asked])).toEqual({
      status: 0,
      text: `Usage: pnpm run bench lamp [options]

How bright it is.

Options:
  --only red|green  this colour alone
  --seconds NUMBER  how long (default: 60)
  --json            print JSON
`,
    });
  });

  it.each([
    [['--quick'], "Unknown option '--quick'"],
    [['twice'], "Unexpected argument 'twice'"],
    [['--only'], "Option '--only <value>' argument missing"],
    [['--only', 'blue'], '--only is one of red, green'],
    [['--seconds', 'some'], '--seconds takes a number'],
  ])('%j are refused in a sentence', (args, says) => {
    const { text, status } = readArguments(usage, args) as { text: string; status: number };
    expect(text).toMatch(new RegExp(`^${says}[^\n]*; pnpm run bench lamp --help shows what is possible\\.\n$`));
    expect(status).toBe(2);
  });

  it('are read by nothing else', async () => {
    const folder = new URL('../bench/', import.meta.url);
    const benches = (await readdir(folder)).filter((file) => file.endsWith('.bench.ts'));
    expect(benches.length).toBeGreaterThan(6);
    for (const file of benches) {
      const text = await readFile(new URL(file, folder), 'utf8');
      expect(text, file).toMatch(/argumentsOf\(\{\n {2}name: '(\w+)'/);
      expect(text, file).not.toMatch(/parseArgs/);
    }
  });
});
