import { createReadStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createKvClient, kvStore } from '@synod/kv';
import { raft } from '@synod/machines/raft';
import { type Protocol, type RecordedLine, recordingHeader } from '@synod/protocol';
import { judgeTraces, mergeTraces, type OpenTrace, openTrace } from '@synod/validator';
import { describe, expect, it } from 'vitest';
import { alterations, drawFrom, refsIn, renumbered } from '../../validator/test/support/alter.ts';
import { filed, judgeFiled } from '../../validator/test/support/simulated.ts';
import { refused } from './support/refused.ts';
import { emptyDirectory, runCluster, synod } from './support/synod.ts';
import { Writer } from './support/writer.ts';

// With VALIDATOR=long, a cluster under load for a minute, with more faults.
const isLong = process.env.VALIDATOR === 'long';
const ROUNDS = isLong ? 6 : 1;
/** Alterations are made in the beginning of the trace, of so many records: each costs a judging up to where it is made. */
const ALTERED = isLong ? 20_000 : 3_000;
const WITHIN = { timeout: 30_000, interval: 200 };
const protocol = raft(kvStore) as unknown as Protocol;

const open = (files: readonly string[]): Promise<OpenTrace[]> =>
  Promise.all(
    files.map((file) => openTrace({ name: file, lines: createInterface({ input: createReadStream(file) }) })),
  );

/** Records the traces of five processes that serve: the leader is killed and started again, another node is held for a while. */
async function record(): Promise<readonly string[]> {
  const traces = join(await emptyDirectory(), 'traces');
  const cluster = await runCluster(await emptyDirectory(), '--trace', traces, '--no-inspector');
  const endpoints = (await cluster.nodes()).flatMap(({ api }) => api ?? []);
  const client = createKvClient({ endpoints, timeoutMs: 20_000 });
  const writer = new Writer(endpoints, 'w');
  if (isLong) writer.start();
  let written = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const goesOn = async () => {
      const before = writer.acknowledged.size;
      for (let put = 0; put < 8; put++) await client.put(`key-${written++ % 5}`, String(written));
      if (isLong) await expect.poll(() => writer.acknowledged.size, WITHIN).toBeGreaterThan(before + 120);
    };
    await goesOn();
    const leader = await cluster.leader();
    const other = ['n1', 'n2', 'n3', 'n4', 'n5'].find((node) => node !== leader) as string;
    await cluster.synod('kill', leader);
    await goesOn();
    await cluster.synod('restart', leader);
    await cluster.synod('pause', other);
    await goesOn();
    await cluster.synod('resume', other);
    await goesOn();
  }
  await writer.stop();
  expect((await cluster.stop()).code).toBe(0);
  return (await readdir(traces)).sort().map((name) => join(traces, name));
}

describe('synod validate', () => {
  it('accepts the traces of a live cluster of five under load and faults, and refuses a hundred alterations', {
    timeout: 600_000,
  }, async () => {
    const files = await record();
    expect(await synod('validate', ...files, '--machine', 'raft')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^valid: /),
    });
    const { valid, summary } = await judgeTraces(await open(files), protocol);
    expect({ valid, nodes: summary.nodes.length, notJudged: summary.notJudged }).toEqual({
      valid: true,
      nodes: 5,
      notJudged: [],
    });
    expect(summary.recoveries).toBeGreaterThanOrEqual(ROUNDS);

    const lines: RecordedLine[] = [];
    const traces = await open(files);
    const { header } = traces[0] as OpenTrace;
    for await (const { record: each } of mergeTraces(traces.map(({ records }) => records))) {
      if (lines.length < ALTERED) lines.push(filed(each, true));
    }
    expect(judgeFiled(lines, protocol, header.about).valid).toBe(true);
    const kinds = alterations(refsIn(lines)).filter((kind) => kind.sites(lines).length > 0);
    const accepted: string[] = [];
    for (let seed = 1; seed <= 100; seed++) {
      const draw = drawFrom(seed);
      const kind = kinds[(seed * 7) % kinds.length] as (typeof kinds)[number];
      const sites = kind.sites(lines);
      const at = sites[Math.floor(draw() * sites.length)] as number;
      const { misfit } = judgeFiled(renumbered(kind.make(lines, at, draw)), protocol, header.about);
      if (!misfit) accepted.push(`${kind.name}, record ${at}`);
    }
    expect(accepted).toEqual([]);
  });
});

describe('synod validate, of a file', () => {
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(await emptyDirectory(), name);
    await writeFile(path, text);
    return path;
  };

  it('takes a simulation as valid, and one altered record not, with the step that does not fit', async () => {
    const path = join(await emptyDirectory(), 'trace.jsonl');
    expect((await synod('sim', 'two-phase-commit', '--seconds', '1', '--trace', path, '--no-save')).code).toBe(0);
    expect(await synod('validate', path)).toMatchObject({ code: 0, out: expect.stringMatching(/^valid: /) });
    const text = await readFile(path, 'utf8');
    const altered = await file('altered.jsonl', text.replace(/"state":"\w+"/, '"state":"elsewhere"'));
    const { code, out } = await synod('validate', altered, '--machine', '2pc', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ valid: false, misfit: { code: 'INITIAL_DIFFERS' }, complete: true });
  });

  it("judges an app's log by any machine", async () => {
    const log = await file('app.log', 'noise\n[d] open -> open\n[d] close -> closed\n[d] close -> closed\n');
    const rule = {
      match: '^\\[(?<of>\\w+)\\] (?<event>\\w+) -> (?<state>\\w+)$',
      actor: '{of}',
      event: '{event}',
      state: '{state}',
    };
    const map = await file('mapping.json', JSON.stringify({ lines: [rule] }));
    const module = await file(
      'door.mjs',
      `import { setup } from ${JSON.stringify(import.meta.resolve('xstate'))};
       export const door = setup({}).createMachine({
         initial: 'closed', states: { closed: { on: { open: 'open' } }, open: { on: { close: 'closed' } } },
       });`,
    );
    const args = ['validate', log, '--machine', `${module}#door`, '--map', map];
    const refusedLog = await synod(...args);
    expect(refusedLog).toMatchObject({
      code: 1,
      out: expect.stringMatching(/EVENT_NOT_ALLOWED\n {2}Line 4: d takes close in closed/),
    });
    expect(refusedLog.out).toContain('open → (machine).open');
    expect(await synod(...args, '--infer', '1')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Not in the log, and needed:\n {2}before line 4, d: send .*open/),
    });
  });

  it.each([
    ['a file that is not there', ['nowhere.jsonl'], /^FILE_UNREADABLE: nowhere\.jsonl cannot be read \(ENOENT\)/],
    ['a directory', ['.'], /^FILE_UNREADABLE/],
    ['bounds of a log for a trace', ['x', '--infer', '2'], /^USAGE: --infer, --cases and --role are of a log/],
    ['a log without a machine', ['x', '--map', 'm.json'], /^USAGE: A log is judged by one machine/],
    ['a mapping that is not there', ['x', '--map', 'm.json', '--machine', 'a.mjs#b'], /^FILE_UNREADABLE: m\.json/],
  ])('refuses %s, in a sentence', async (_, args, says) => {
    const outcome = await refused('validate', ...args);
    expect(outcome.says).toMatch(says);
    expect(outcome.status).toBe(2);
  });

  it.each([
    ['nothing', '', 'TRACE_INVALID'],
    ['no trace', 'hello\n', 'TRACE_INVALID'],
    ['a trace for viewers', '{"type":"header","format":"synod-trace","version":1,"about":{}}\n', 'TRACE_INCOMPLETE'],
    ['one that does not say whose it is', `${JSON.stringify(recordingHeader())}\n`, 'USAGE'],
    ['one of a machine that is not known', `${JSON.stringify(recordingHeader({ machine: 'paxoss' }))}\n`, 'USAGE'],
  ])('refuses a file that holds %s', async (_, text, code) => {
    const outcome = await refused('validate', await file('x.jsonl', text));
    expect(outcome).toMatchObject({ status: 2, says: expect.stringMatching(new RegExp(`^${code}: `)) });
  });
});
