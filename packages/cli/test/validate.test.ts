import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createKvClient, kvStore } from '@synod/kv';
import { raft } from '@synod/machines/raft';
import type { Protocol, RecordedLine } from '@synod/protocol';
import { judgeTraces, mergeTraces, type OpenTrace, openTrace } from '@synod/validator';
import { describe, expect, it } from 'vitest';
import { alterations, drawFrom, refsIn, renumbered } from '../../validator/test/support/alter.ts';
import { filed, judgeFiled } from '../../validator/test/support/simulated.ts';
import { emptyDirectory, runCluster, synod } from './support/synod.ts';
import { Writer } from './support/writer.ts';

// With VALIDATOR=long, a cluster under load for a minute, with more faults.
const isLong = process.env.VALIDATOR === 'long';
const ROUNDS = isLong ? 6 : 1;
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
      if (isLong) await expect.poll(() => writer.acknowledged.size, WITHIN).toBeGreaterThan(before + 400);
    };
    await goesOn();
    const leader = (await cluster.leader()) as string;
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
      if (lines.length < 20_000) lines.push(filed(each, true));
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
