import type { RunStep } from '../search/run.ts';
import type { Searched } from '../search/search.ts';
import type { Subject, Taken } from '../subject.ts';
import { COVERAGE_KINDS, type Target } from '../targets/target.ts';
import type { Coverage } from '../targets/tracker.ts';
import type { Expectation, TestCase, TestStep } from '../test-case.ts';
import { choose } from './choose.ts';
import { detailOf, distinct, nameOfTest } from './name.ts';
import { candidates } from './plan.ts';
import { Splitter } from './split.ts';

/** A test, and for the sake of which targets it is there. */
export interface GeneratedTest extends TestCase {
  /** The target that it is named after. */
  readonly target: Target;
  /** Titles of the other targets that no test before it covers. */
  readonly also: readonly Target[];
}

/** Which kind a test is named after, if it covers several. */
const LEADING = ['transitions', 'delays', 'pairs', 'guards', 'effects', 'sometimes', 'regions', 'states'] as const;

/** Few and short tests that cover all that was reached, in the order of the charts. */
export function suiteOf(subject: Subject, coverage: Coverage, { witnesses }: Searched): readonly GeneratedTest[] {
  const { targets } = coverage;
  const order = new Map(targets.map(({ id }, at) => [id, at]));
  const byId = new Map(targets.map((target) => [target.id, target]));
  const splitter = new Splitter(subject);
  const drafts = choose(candidates(coverage, witnesses), order)
    .map(({ plan, fresh }) => {
      const own = fresh.flatMap((id) => byId.get(id) ?? []);
      return { plan, own, target: leading(own, plan.steps) };
    })
    .flatMap(({ plan, own, target }) => (target ? [{ plan, own, target }] : []))
    .sort((a, b) => (order.get(a.target.id) ?? 0) - (order.get(b.target.id) ?? 0));
  const names = distinct(
    drafts.map(({ plan: { origin, steps } }) => ({
      name: nameOfTest(origin.taken.world, steps, coverage),
      detail: detailOf(steps),
    })),
  );
  return drafts.map(({ plan: { origin, steps }, own, target }, at) => ({
    name: names[at] ?? '',
    ...(origin.input !== undefined && { input: origin.input }),
    start: expectationOf(origin.taken),
    steps: splitter.split(origin.taken.world, steps).map(testStep),
    target,
    also: own.filter((each) => each !== target).sort(byKind),
  }));
}

const byKind = (a: Target, b: Target): number => COVERAGE_KINDS.indexOf(a.kind) - COVERAGE_KINDS.indexOf(b.kind);

/** The target that a test comes to with its last step, if there is one. */
function leading(own: readonly Target[], steps: readonly RunStep[]): Target | undefined {
  const last = new Set(steps.at(-1)?.covers);
  const rank = ({ id, kind }: Target) => LEADING.indexOf(kind) + (last.has(id) ? 0 : LEADING.length);
  return [...own].sort((a, b) => rank(a) - rank(b))[0];
}

function testStep({ stimulus, taken }: RunStep): TestStep {
  const { output, ...expected } = expectationOf(taken);
  return { ...stimulus, ...expected, ...(output !== undefined && { result: output }) };
}

/** What is to be seen at one moment, without what goes without saying. */
function expectationOf({ seen }: Taken): Expectation {
  const { state, status, output, context, actions = [], emitted = [], told = [], actors } = seen;
  return {
    ...(state !== undefined && { state }),
    ...(status !== undefined && status !== 'active' && { status }),
    ...(output !== undefined && { output }),
    ...(context && Object.keys(context).length > 0 && { context }),
    ...(actions.length > 0 && { actions }),
    ...(emitted.length > 0 && { emitted }),
    ...(told.length > 0 && { told }),
    ...(actors && { actors }),
  };
}
