import { check } from '@synod/checker';
import { encodeTrace, type Specification, type TraceRecord } from '@synod/protocol';
import { encodeReplay, parseReplay, type ReplayFile, recordReplay } from '@synod/simulator';
import { beforeAll, describe, expect, it } from 'vitest';
import { withFaults } from '../src/check/faults.ts';
import { counterexampleFile, encodeCounterexample, parseCounterexample } from '../src/files/counterexample-file.ts';
import { clientHistory } from '../src/inspect/history.ts';
import { labOfCounterexample, labOfModel, labOfReplay } from '../src/inspect/labs.ts';
import { loadSpecification } from '../src/specifications.ts';

const lines = (records: readonly TraceRecord[]) => records.map((record) => encodeTrace(record));

describe('a lab of a model', { timeout: 60_000 }, () => {
  let specification: Specification;
  beforeAll(async () => {
    specification = await loadSpecification('2pc');
  });

  it('begins where nothing has happened, and takes one choice after the other', async () => {
    const { lab, recording } = labOfModel(specification, { model: 'gray-lamport', nodes: 2 });
    const first = lab?.first as never;
    expect(recording).toMatchObject({ unit: 'step', about: { protocol: 'two-phase-commit', nodes: 2 } });
    const moment = await lab?.choices(first, recording.records.length);
    expect(moment?.choices.map(({ text }) => text)).toContain('tm@tm takes transactionManager.abort');
    const [choice] = moment?.choices ?? [];
    const next = await lab?.take(first, recording.records.length, choice?.id ?? '');
    expect(next?.text).toBe(choice?.text);
    expect(lines(next?.records.slice(0, next.shared) ?? [])).toEqual(lines(lab?.first.records ?? []));
    expect(next?.records.length).toBeGreaterThan(recording.records.length);
    expect(next?.verdicts?.steps?.at(-1)).toMatchObject({
      text: choice?.text,
      records: [next?.shared, next?.records.length],
    });
  });

  it('has the graph of a small model, goes to each of its states, and refuses a large one', async () => {
    const { lab } = labOfModel(specification, { model: 'gray-lamport', nodes: 3 });
    const graph = await lab?.graph?.(300);
    // The published count of Gray and Lamport.
    expect(graph?.states).toHaveLength(288);
    const far = graph?.states.findIndex(({ depth }) => depth === 5) ?? -1;
    const run = (await lab?.visit?.(far)) as never as { readonly records: readonly TraceRecord[] };
    expect(await lab?.choices(run as never, run.records.length)).toMatchObject({ state: far });
    const larger = labOfModel(specification, { model: 'gray-lamport', nodes: 4 }).lab;
    await expect(larger?.graph?.(300)).rejects.toMatchObject({ code: 'GRAPH_TOO_LARGE' });
  });

  it('within a step offers what could have come in its place', async () => {
    const { lab } = labOfModel(specification, { nodes: 2 });
    const walked = (await lab?.goOn(lab.first, 0, { steps: 4, seed: 3 })) as never as {
      readonly records: readonly TraceRecord[];
    };
    const { records: total } = walked;
    const before = await lab?.choices(walked as never, total.length - 1);
    expect(before?.records).toBeLessThan(total.length - 1);
    const other = before?.choices.at(-1);
    const forked = await lab?.take(walked as never, total.length - 1, other?.id ?? '');
    expect(forked?.shared).toBe(before?.records);
    expect(lines(forked?.records ?? []).slice(0, forked?.shared)).toEqual(lines(total).slice(0, forked?.shared));
  });

  it('goes to the counterexample of a mutant, with its first bad step', async () => {
    const raft = await loadSpecification('raft');
    const { lab } = labOfModel(raft, { model: 'election', nodes: 3, mutant: 'leads-by-half' });
    const run = await lab?.counterexample?.();
    const broken = run?.verdicts?.properties.filter(({ verdict }) => verdict === 'violated');
    expect(broken?.map(({ at }) => at?.[1])).toEqual([run?.records.length]);
    await expect(
      labOfModel(specification, { model: 'gray-lamport', nodes: 2 }).lab?.counterexample?.(),
    ).rejects.toMatchObject({
      code: 'NO_COUNTEREXAMPLE',
    });
  });

  it('refuses a mutant that is not, and a size that the model has not', () => {
    expect(() => labOfModel(specification, { mutant: 'none-such' })).toThrow('has no mutant');
    expect(() => labOfModel(specification, { model: 'gray-lamport', nodes: 60 })).toThrow('takes');
  });
});

describe('a lab of a counterexample', { timeout: 60_000 }, () => {
  it('begins with its run, with the budgets for faults that it was found with', async () => {
    const specification = await loadSpecification('3pc');
    const model = specification.models.find(({ name }) => name === 'partition');
    const { default: nodes } = model?.nodes ?? { default: 3 };
    const faults = { partition: true };
    const configuration = withFaults(model?.configure(nodes) as never, faults);
    const { properties } = check(configuration, specification.roles, { stopAtFirst: true });
    const about = { protocol: specification.name, model: 'partition', nodes, faults, command: 'synod check 3pc' };
    const broken = properties.find(({ verdict }) => verdict === 'violated');
    const saved = counterexampleFile(about, broken as never, properties);
    const file = parseCounterexample(JSON.parse(encodeCounterexample(saved as never)));
    const lab = labOfCounterexample(specification, file);
    expect(lines(lab.first.records).map((line) => JSON.parse(line))).toEqual(file.trace);
    const agreement = lab.first.verdicts?.properties.find(({ name }) => name === 'Agreement');
    const { steps = [] } = lab.first.verdicts ?? {};
    expect(agreement).toMatchObject({ verdict: 'violated', at: steps.at(-1)?.records });
    // Until its last step it held.
    expect(agreement?.changes?.map(([, holds]) => holds)).toEqual([true, false]);
    const middle = steps[5]?.records[1] ?? 0;
    expect((await lab.choices(lab.first, middle)).choices.map(({ text }) => text)).toContain(steps[6]?.text);
  });

  it('is refused when the model has no such run any more', async () => {
    const specification = await loadSpecification('2pc');
    const file = {
      protocol: 'two-phase-commit',
      model: 'gray-lamport',
      nodes: 2,
      steps: [{ action: 'deliver', node: 'x', text: 'none' }],
    };
    expect(() => labOfCounterexample(specification, file as never)).toThrow('no step 1');
  });
});

describe('a lab of a replay file', { timeout: 60_000 }, () => {
  let specification: Specification;
  let file: ReplayFile;
  beforeAll(async () => {
    specification = await loadSpecification('multi-paxos');
    const options = { seed: 1, nodes: 3, clients: 1, seconds: 2, faults: ['drop'], simulation: 'store' };
    file = parseReplay(encodeReplay(recordReplay(specification, options)));
  });

  /** A place with a message on its way that is not the run's own next. */
  async function placeOf(lab: ReturnType<typeof labOfReplay>) {
    for (let at = Math.floor(file.trace.length / 2); ; at++) {
      const { choices } = await lab.choices(lab.first, at);
      const other = choices.find(({ kind, own }) => kind === 'deliver' && !own);
      if (other) return { at, other, choices };
    }
  }

  it('begins with the run of the file, with its verdicts', () => {
    const { first } = labOfReplay(specification, file);
    expect(lines(first.records)).toEqual(lines(file.trace));
    const said = (kind: string) => first.verdicts?.properties.filter((each) => each.kind === kind);
    expect(said('always')?.every(({ verdict }) => verdict === 'holds')).toBe(true);
    expect(said('linearizable')).toMatchObject([{ verdict: 'holds' }]);
    expect(said('sometimes')?.[0]).toMatchObject({ verdict: 'holds', at: [expect.any(Number), expect.any(Number)] });
  });

  it('changes the next delivery and goes on: the same until there, and then by the same rules every time', async () => {
    const lab = labOfReplay(specification, file);
    const { at, other, choices } = await placeOf(lab);
    expect(choices[0]).toMatchObject({ own: true });
    const taken = await lab.take(lab.first, at, other.id);
    expect(lines(taken.records).slice(0, taken.shared)).toEqual(lines(file.trace).slice(0, taken.shared));
    expect(taken.records[taken.shared]).toMatchObject({ type: 'note', code: 'FORK' });
    const [once, again] = [
      await lab.goOn(taken, taken.records.length, {}),
      await lab.goOn(taken, taken.records.length, {}),
    ];
    expect(lines(once.records)).toEqual(lines(again.records));
    expect(lines(once.records).slice(0, taken.records.length)).toEqual(lines(taken.records));
    expect(lines(once.records).slice(taken.records.length)).not.toEqual(lines(file.trace).slice(taken.records.length));
    expect((await lab.choices(once, once.records.length)).ended).toBeDefined();
    await expect(lab.goOn(once, once.records.length, { steps: 1 })).rejects.toMatchObject({ code: 'RUN_OVER' });
  });

  it('goes on by a number of steps, or until a moment', async () => {
    const lab = labOfReplay(specification, file);
    const { at, other } = await placeOf(lab);
    const taken = await lab.take(lab.first, at, other.id);
    const few = await lab.goOn(taken, taken.records.length, { steps: 5 });
    const more = await lab.goOn(few, few.records.length, { untilMs: (few.records.at(-1)?.at ?? 0) + 20 });
    expect(few.records.length).toBeGreaterThan(taken.records.length);
    expect(more.records.length).toBeGreaterThan(few.records.length);
    expect(lines(more.records).slice(0, few.records.length)).toEqual(lines(few.records));
    expect((await lab.choices(more, more.records.length)).choices[0]).toMatchObject({ own: true });
  });

  it('by the own next of the run is the run itself', async () => {
    const lab = labOfReplay(specification, file);
    const { at } = await placeOf(lab);
    const next = await lab.take(lab.first, at, 'next');
    expect(lines(next.records)).toEqual(lines(file.trace).slice(0, next.records.length));
  });

  it('is refused for a run that does not repeat', () => {
    const trace = file.trace.map((record, index) => (index === 7 ? { ...record, at: record.at + 1 } : record));
    expect(() => labOfReplay(specification, { ...file, trace })).toThrow('does not repeat');
  });
});

describe('the history of clients', { timeout: 60_000 }, () => {
  it('tells where it is not linearizable: what offends, and with whose answer it ceases to be', async () => {
    const specification = await loadSpecification('multi-paxos');
    const options = {
      seed: 1,
      nodes: 3,
      seconds: 20,
      simulation: 'store',
      faults: ['drop:high', 'delay:high'],
      mutant: 'applies-anew',
    };
    const { trace } = recordReplay(specification, options);
    const { object } = specification.simulations[0]?.configure({ nodes: 3, clients: 3 }) ?? {};
    const history = clientHistory(trace, object);
    expect(history).toMatchObject({ verdict: 'no', message: expect.stringContaining('Not linearizable') });
    const stuck = history?.operations.filter((each) => each.stuck) ?? [];
    expect(stuck.length).toBeGreaterThan(0);
    for (const { point, records, key } of stuck) {
      expect(point).toBeUndefined();
      const before = history?.operations.filter(
        (each) => each.key === key && (each.records[1] ?? Infinity) < (records[1] ?? 0),
      );
      expect(before?.every((each) => each.point !== undefined)).toBe(true);
    }
    expect(history?.operations.some(({ offends }) => offends)).toBe(true);
    expect(clientHistory(trace, undefined)).toMatchObject({
      verdict: 'unknown',
      message: expect.stringContaining('Not judged'),
    });
    expect(clientHistory([], object)).toBeUndefined();
  });
});
