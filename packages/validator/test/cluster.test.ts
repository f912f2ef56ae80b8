import { type RecordedLine, type TraceRecord, withMutant } from '@synod/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { alterations, drawFrom, refsIn, renumbered } from './support/alter.ts';
import { recordCluster } from './support/cluster.ts';
import { filed, judgeFiled, judgeLive, specificationOf } from './support/simulated.ts';

// Five servers under load on real systems in memory; three of them lose their power on the way.
const specification = await specificationOf('raft');
let lines: readonly RecordedLine[] = [];

beforeAll(async () => {
  const records = await recordCluster(specification, { seed: 7, ms: 600, kills: 3 });
  expect(judgeLive(records, specification).misfit).toBeUndefined();
  lines = records.map((record) => filed(record));
});

describe('the trace of a cluster of five under load and faults', () => {
  it('is valid, and all of it is judged', () => {
    const { valid, summary } = judgeFiled(lines, specification);
    expect(valid).toBe(true);
    expect(summary).toMatchObject({ notJudged: [], recoveries: 3, lives: 10 });
    expect(summary.steps).toBeGreaterThan(200);
  });

  const kinds = alterations([]);
  it.each(kinds.map(({ name }, index) => ({ name, index })))('is refused when $name', ({ index }) => {
    const alteration = alterations(refsIn(lines))[index] as (typeof kinds)[number];
    const sites = alteration.sites(lines);
    expect(sites.length).toBeGreaterThan(0);
    for (let round = 0; round < 3; round++) {
      const draw = drawFrom(1_000 * round + index);
      const at = sites[Math.floor(draw() * sites.length)] as number;
      const { misfit } = judgeFiled(renumbered(alteration.make(lines, at, draw)), specification);
      expect(alteration.codes, `record ${at}: ${misfit?.message}`).toContain(misfit?.code);
    }
  });

  it('is refused with any of a hundred alterations, each of a kind and at a place drawn from a seed', () => {
    const all = alterations(refsIn(lines));
    for (let seed = 1; seed <= 100; seed++) {
      const draw = drawFrom(seed);
      const kind = all[Math.floor(draw() * all.length)] as (typeof all)[number];
      const sites = kind.sites(lines);
      const at = sites[Math.floor(draw() * sites.length)] as number;
      expect(
        judgeFiled(renumbered(kind.make(lines, at, draw)), specification).valid,
        `${kind.name}, record ${at}`,
      ).toBe(false);
    }
  });

  const harmless: readonly (readonly [string, RecordedLine['type'], object])[] = [
    ['a remark', 'note', { text: 'something else' }],
    ['the reason of a crash', 'crash', { reason: 'somebody stumbled over the cable' }],
    ['why a message was lost', 'drop', { detail: 'the cable was cut' }],
  ];
  it.each(harmless)('stays valid when only the words of %s are others', (_, type, words) => {
    const at = lines.findIndex((line) => line.type === type);
    expect(at).toBeGreaterThanOrEqual(0);
    expect(
      judgeFiled(lines.with(at, { ...(lines[at] as RecordedLine), ...words } as RecordedLine), specification).valid,
    ).toBe(true);
  });

  it('is judged as far as it goes when a node is missing, and says what was not', () => {
    const { valid, summary } = judgeFiled(
      lines.filter(({ node }) => node !== 'c1'),
      specification,
    );
    expect({ valid, notJudged: summary.notJudged }).toEqual({
      valid: true,
      notJudged: [expect.stringMatching(/^messages from c1, \d+: its trace is not here$/)],
    });
  });

  it('is valid for one who begins to listen in the middle of it, whenever that is', async () => {
    for (const seed of [1, 2, 3, 4]) {
      const late: TraceRecord[] = [];
      await recordCluster(specification, { seed, ms: 300 + seed, kills: 2, late });
      const { misfit, summary } = judgeLive(late, specification);
      expect(misfit).toBeUndefined();
      expect(summary.steps).toBeGreaterThan(50);
      expect(summary.notJudged.join()).toContain('lives that began before the trace, 7');
    }
  });

  it('is not judged where the machine is none of those given', () => {
    const { valid, summary } = judgeFiled(lines, specification.roles.client as never);
    expect(valid).toBe(true);
    expect(summary.actors).toEqual(['client@c1', 'client@c2']);
    expect(summary.notJudged).toContain('raft@n1: "raft" is not among the machines');
  });

  it('is refused where the machine is another: a mutant', () => {
    for (const mutant of specification.mutants.filter(({ name }) =>
      ['forgets-vote', 'forgets-term', 'commits-by-half'].includes(name),
    ))
      expect(judgeFiled(lines, withMutant(specification, mutant)).valid, mutant.name).toBe(false);
  });
});
