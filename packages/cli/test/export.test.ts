import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeTrace, type TraceRecord, traceHeader } from '@synod/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refused } from './support/refused.ts';
import { emptyDirectory, synod, synodJson } from './support/synod.ts';

const CHECKOUT = fileURLToPath(new URL('../../examples/src/checkout.ts', import.meta.url));
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const README = fileURLToPath(new URL('../README.md', import.meta.url));

let home: string;
let trace: string;
let text: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synod-'));
  trace = join(home, 'trace.jsonl');
  execFileSync(process.execPath, [MAIN, 'sim', 'raft', '--seed', '7', '--seconds', '2', '--trace', trace, '--no-save']);
  text = await readFile(trace, 'utf8');
});

afterAll(() => rm(home, { recursive: true, force: true }));

const exported = async (...args: string[]) => {
  const { code, out, err } = await synod('inspect', ...args);
  expect({ code, err }).toEqual({ code: 0, err: expect.anything() });
  return out;
};

/** What tells that a format was written. */
const SIGNS: Readonly<Record<string, RegExp>> = {
  'mermaid-state': /^stateDiagram-v2\n/,
  scxml: /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<scxml /,
  svg: /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .* class="chart"/,
  'svg-spacetime': /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*>\n<path /,
  'mermaid-sequence': /^sequenceDiagram\n {2}participant /,
  shiviz: /^\(\?<host>/,
  perfetto: /^\{"displayTimeUnit":"ms","traceEvents":\[/,
  otel: /^\{"resourceSpans":\[/,
};

describe('synod inspect --export', () => {
  it('does each thing that the readme shows', async () => {
    const commands = [...(await readFile(README, 'utf8')).matchAll(/`synod (inspect [^`]* --export [^`]*)`/g)];
    const formats = commands.map(([, command]) => /--export (\S+)/.exec(command ?? '')?.[1] ?? '');
    expect(new Set(formats)).toEqual(new Set(Object.keys(SIGNS)));
    const directory = await emptyDirectory();
    for (const [index, [, command = '']] of commands.entries()) {
      const out = join(directory, `out-${index}`);
      const args = command
        .split(' ')
        .map((arg) => (arg === 'trace.jsonl' ? trace : arg.replace('./checkout.ts', CHECKOUT)));
      const at = args.indexOf('--out');
      if (at >= 0) args[at + 1] = out;
      const printed = await exported(...args.slice(1));
      expect(at < 0 ? printed : await readFile(out, 'utf8')).toMatch(SIGNS[formats[index] ?? ''] as RegExp);
    }
  }, 120_000);

  it('writes the same to a file as to the output, making its directories, and tells how much', async () => {
    const out = join(await emptyDirectory(), 'deep', 'down', 'run.json');
    const told = await synodJson('inspect', trace, '--export', 'perfetto', '--out', out);
    const records = text.split('\n').filter((line) => line !== '').length - 1;
    expect(told).toEqual({ file: out, format: 'perfetto', records });
    expect(await exported(trace, '--export', 'perfetto')).toBe(await readFile(out, 'utf8'));
    const sends = text.split('\n').filter((line) => line.includes('"type":"send"')).length;
    const { traceEvents } = JSON.parse(await readFile(out, 'utf8'));
    expect(traceEvents.filter(({ ph }: { ph: string }) => ph === 's')).toHaveLength(sends);
  });

  it('reads a replay file as it reads a trace', async () => {
    const saved = join(await emptyDirectory(), 'saved.json');
    await synod('sim', 'raft', '--seed', '7', '--seconds', '2', '--save', saved);
    expect(await exported(saved, '--export', 'shiviz')).toBe(await exported(trace, '--export', 'shiviz'));
  });

  it('draws in the colours of a theme, and a chart in a run as that of its machine', async () => {
    const drawn = (theme: string) =>
      Promise.all([
        exported('raft', '--role', 'server', '--export', 'svg', '--theme', theme),
        exported(trace, '--export', 'svg-spacetime', '--to', '100', '--theme', theme),
      ]);
    const [light, dark] = [await drawn('light'), await drawn('dark')];
    for (const at of [0, 1]) expect(light[at]).not.toBe(dark[at]);
    expect(await exported('raft', '--role', 'server', '--export', 'svg')).toBe(light[0]);
    const unmarked = (svg: string) =>
      svg.replace(/aria-label="[^"]*"/, '').replace(/ (?:active|taken|heat-\d)(?=[ "])/g, '');
    expect(unmarked(await exported(trace, '--actor', 'raft@n1', '--export', 'svg'))).toBe(unmarked(light[0] ?? ''));
  }, 60_000);

  it('draws a chart in a run with where its actor is, what it took last and how often what, at the end or before', async () => {
    const at = async (...args: string[]) => {
      const svg = await exported(trace, '--actor', 'raft@n1', '--export', 'svg', ...args);
      const marked = (mark: string) => new Set([...svg.matchAll(new RegExp(`class="[^"]* ${mark}[" ][^>]*`, 'g'))]);
      const active = [...marked('active')].map(([tag]) => /data-state="([^"]*)"/.exec(tag)?.[1]);
      return { active, isTaken: marked('taken').size > 0, isWarm: marked('heat-\\d').size > 0, svg };
    };
    const first = await at('--to', '5');
    expect(first.active).toEqual(['raft', 'raft.follower']);
    expect([first.isTaken, first.isWarm]).toEqual([false, false]);
    expect(first.svg).toContain('aria-label="Statechart of raft: raft@n1, at follower"');
    const end = await at();
    const told = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    const { state } = told.findLast(({ type, actor }) => type === 'transition' && actor === 'raft@n1');
    const outer = typeof state === 'string' ? state : Object.keys(state)[0];
    expect(end.active).toContain(`raft.${outer}`);
    expect([end.isTaken, end.isWarm]).toEqual([true, true]);
  });

  it('says why it lights nothing in a chart that several actors have', async () => {
    const servers = join(await emptyDirectory(), 'servers.jsonl');
    await writeFile(servers, text.replace(/^.*"actor":"client@.*\n/gm, ''));
    const { code, out, err } = await synod('inspect', servers, '--export', 'svg');
    expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^5 actors have this chart; .*--actor/) });
    expect(out).not.toMatch(/class="[^"]* active/);
  });

  it('leaves no half of a file behind', async () => {
    const directory = await emptyDirectory();
    const [cut, out] = [join(directory, 'cut.jsonl'), join(directory, 'out.json')];
    await writeFile(cut, text.slice(0, 200_000));
    const { code, err } = await synod('inspect', cut, '--export', 'perfetto', '--out', out);
    expect(code).toBe(2);
    expect(err).toMatch(/^error TRACE_INVALID: .*cut\.jsonl, line \d+: .*cut off/);
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    [
      'a format that there is not',
      ['T', '--export', 'pdf'],
      /^USAGE: There is no format "pdf"; choose one of mermaid-state/,
    ],
    ['nothing to export', ['--export', 'otel'], /^USAGE: Name what to export/],
    ['a file that is not there', ['nowhere.jsonl', '--export', 'otel'], /^FILE_UNREADABLE: nowhere\.jsonl/],
    [
      'an actor that there is not',
      ['T', '--export', 'otel', '--actor', 'x@y'],
      /^EXPORT_UNKNOWN: .* no x@y; it has raft@n1/,
    ],
    ['a range without records', ['T', '--export', 'otel', '--from', '900s'], /^EXPORT_EMPTY: .*choose a wider range/],
    [
      'a range that is none',
      ['T', '--export', 'otel', '--from', 'noon'],
      /^USAGE: .*the number of a record, as 120, or a time/,
    ],
    ['a date that is none', ['T', '--export', 'otel', '--epoch', 'noon'], /^USAGE: .*must be a date/],
    ['one of several charts', ['T', '--export', 'scxml'], /^EXPORT_SEVERAL_CHARTS: .*name an actor/],
    ['a range of a chart', ['T', '--export', 'scxml', '--from', '3'], /^USAGE: A chart is of one actor/],
    ['a place of a machine', ['raft', '--export', 'svg', '--to', '3'], /^USAGE: A machine is at no place/],
    ['a run of a machine', ['raft', '--export', 'perfetto'], /^USAGE: perfetto is of a run; give its file/],
    [
      'a role that there is not',
      ['raft', '--export', 'scxml', '--role', 'x'],
      /^USAGE: raft has no role "x"; it has server/,
    ],
    ['an export without its format', ['T', '--out', 'x'], /^USAGE: .*give --export as well/],
    [
      'an option of other formats',
      ['T', '--export', 'otel', '--by', 'node'],
      /^USAGE: --by is of mermaid-sequence and svg-spacetime\./,
    ],
    ['a theme that there is not', ['raft', '--export', 'svg', '--theme', 'grey'], /^USAGE: --theme is light or dark\./],
    ['an axis of a chart', ['raft', '--export', 'svg', '--axis', 'time'], /^USAGE: --axis is of svg-spacetime\./],
    ['a picture of a machine as of a run', ['raft', '--export', 'svg-spacetime'], /^USAGE: svg-spacetime is of a run/],
    [
      'a picture that nobody would look through',
      ['T', '--export', 'svg-spacetime'],
      /^EXPORT_TOO_LONG: .*more than 1000 events; \d+ of the records fit: choose fewer, by range/,
    ],
    ['a place that cannot be written', ['T', '--export', 'otel', '--out', join(README, 'x')], /^FILE_UNWRITABLE: /],
  ] as const)('refuses %s, in a sentence', async (_, args, says) => {
    const outcome = await refused('inspect', ...args.map((arg) => (arg === 'T' ? trace : arg)));
    expect(outcome.says).toMatch(says);
    expect(outcome.status).toBe(2);
  });

  it('refuses a sequence that Mermaid would not draw', async () => {
    const long = join(await emptyDirectory(), 'long.jsonl');
    const record = (seq: number): TraceRecord => ({
      seq,
      at: seq,
      node: 'n1',
      clock: { n1: seq },
      type: 'note',
      text: 'x'.repeat(60),
    });
    const lines = Array.from({ length: 1_000 }, (_, index) => encodeTrace(record(index + 1)));
    await writeFile(long, [encodeTrace(traceHeader()), ...lines, ''].join('\n'));
    const { status, says } = await refused('inspect', long, '--export', 'mermaid-sequence');
    expect(says).toMatch(/^EXPORT_TOO_LONG: .*\d+ of the records fit/);
    expect(status).toBe(2);
  });
});
