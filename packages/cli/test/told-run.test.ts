import type { TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { endsOf, stepSpans } from '../src/inspect/spans.ts';
import { type ToldRun, verdictsOfRun } from '../src/inspect/told-run.ts';

/** Records of which only the step counts. */
const records = (...steps: readonly number[]): TraceRecord[] =>
  steps.map((at, seq) => ({ seq, at, node: 'n1', clock: {}, type: 'note', text: '' }));

const step = (text: string) => ({ action: 'deliver', node: 'n1', text });
const said = (
  name: string,
  kind: 'always' | 'sometimes' | 'eventually' | 'step',
  verdict: 'holds' | 'violated' | 'unknown',
) => ({
  name,
  kind,
  verdict,
});
const track = (
  name: string,
  kind: 'always' | 'sometimes' | 'eventually',
  ...changes: readonly [number, boolean][]
) => ({
  name,
  kind,
  source: 'here',
  changes,
});

/** A start of two records, and steps of two, none and one. */
const run: ToldRun = {
  steps: [step('a'), step('b'), step('c')],
  trace: records(0, 0, 1, 1, 3),
  tracks: [track('safe', 'always', [0, true], [1, false]), track('reached', 'sometimes', [0, false], [3, true])],
};

describe('the steps of a run', () => {
  it('are the records of their time, none of them for a step without any', () => {
    const spans = stepSpans(run.trace, 3);
    expect(spans).toEqual([
      [2, 4],
      [4, 4],
      [4, 5],
    ]);
    expect(endsOf(spans, 5)).toEqual([2, 4, 4, 5]);
    expect(endsOf(stepSpans(records(0), 0), 1)).toEqual([1]);
  });
});

describe('what is known of a run', () => {
  it('of a property that breaks along it: its first bad step, and from which record on', () => {
    const { properties, steps } = verdictsOfRun(run, [said('safe', 'always', 'violated')], 'safe');
    expect(properties).toMatchObject([
      {
        verdict: 'violated',
        source: 'here',
        at: [2, 4],
        changes: [
          [2, true],
          [4, false],
        ],
      },
    ]);
    expect(steps?.map(({ text, records: [from] }) => [text, from])).toEqual([
      ['a', 2],
      ['b', 4],
      ['c', 4],
    ]);
  });

  it('of one that a search found broken in another run: that, and no step', () => {
    const [property] = verdictsOfRun(run, [said('other', 'always', 'violated')]).properties;
    expect(property).toMatchObject({ verdict: 'violated', message: 'not in this run, but in the model' });
    expect(property?.at).toBeUndefined();
  });

  it('of one that no search judged: what this run shows of it', () => {
    const all = [
      said('safe', 'always', 'unknown'),
      said('reached', 'sometimes', 'unknown'),
      said('else', 'step', 'unknown'),
    ];
    expect(verdictsOfRun(run, all).properties.map(({ verdict }) => verdict)).toEqual(['violated', 'holds', 'open']);
  });

  it('of one that should come about at last and does not: the circle that is repeated for ever', () => {
    const tracks = [track('at last', 'eventually', [0, false])];
    const lasso = { ...run, cycleFrom: 2, tracks };
    const known = verdictsOfRun(lasso, [said('at last', 'eventually', 'violated')], 'at last');
    expect(known).toMatchObject({ circleFrom: 4, properties: [{ verdict: 'violated', at: [4, 5] }] });
    // A run that ends where nothing more must happen.
    const stopped = verdictsOfRun({ ...lasso, cycleFrom: 3 }, [said('at last', 'eventually', 'violated')], 'at last');
    expect(stopped).toMatchObject({ circleFrom: 5, properties: [{ at: [4, 5] }] });
  });

  it('of a file that was saved before tracks were: the last step', () => {
    const { tracks: _, ...old } = run;
    const [property] = verdictsOfRun(old, [said('safe', 'always', 'violated')], 'safe').properties;
    expect(property).toMatchObject({ verdict: 'violated', at: [4, 5] });
    expect(property?.changes).toBeUndefined();
  });
});
