import type { Chart, ChartState, ChartTransition, GuardOutcome, TransitionRef } from '@synod/protocol';
import { countOf } from '../../../src/world/activity.ts';
import type { ActorView } from '../../../src/world/world.ts';

/** What is known of the transition that a person points at: where it leads, how often it was taken, and how its guard came out. */
export function TransitionNote({
  actor,
  transition: ref,
}: {
  actor: ActorView;
  transition: TransitionRef | undefined;
}) {
  const found = ref === undefined ? undefined : transitionsOf(actor.chart).get(ref);
  if (!found)
    return (
      <p class="transition-note hint" aria-live="polite">
        Point at a transition, or reach it by Tab, to see how its guards came out; click on the title of a state to fold
        it.
      </p>
    );
  const { state, transition } = found;
  const count = countOf(actor.chart, actor.counts, transition.ref);
  const to = transition.targets.map((id) => id.replace(`${actor.chart.id}.`, '')).join(', ');
  const asked = actor.lastGuards.filter((outcome) => outcome.transition === transition.ref);
  return (
    <div class="transition-note" aria-live="polite">
      <strong>{eventWords(transition)}</strong>
      {transition.guard !== undefined && <span class="guard-words">[{transition.guard}]</span>}
      <span>
        {state.key} {to === '' ? 'stays' : `→ ${to}`}
      </span>
      <span class="quiet">{count === 1 ? 'taken once' : count === 0 ? 'not taken yet' : `taken ${count} times`}</span>
      {transition.source !== undefined && <Source source={transition.source} />}
      {transition.description !== undefined && <span class="quiet">{transition.description}</span>}
      {transition.guard !== undefined &&
        (asked.length > 0 ? (
          <Guards outcomes={asked} />
        ) : (
          <span class="quiet">its guard was not asked at the last step, as far as the trace tells</span>
        ))}
    </div>
  );
}

/** How guards came out, condition by condition. */
export function Guards({ outcomes }: { outcomes: readonly GuardOutcome[] }) {
  return (
    <ul class="asked-guards" aria-label="Guards of the step">
      {outcomes.map(({ condition, outcome }, index) => (
        <li key={`${index} ${condition}`} class={outcome ? 'held' : 'failed'}>
          <span aria-hidden="true">{outcome ? '✓' : '✗'}</span> {condition} <em>{outcome ? 'true' : 'false'}</em>
        </li>
      ))}
    </ul>
  );
}

/** A link only where it is an address of the web: a trace may say anything. */
function Source({ source }: { source: string }) {
  if (!/^https?:\/\//i.test(source)) return <span class="quiet">{source}</span>;
  return (
    <a href={source} target="_blank" rel="noopener noreferrer">
      {source}
    </a>
  );
}

const eventWords = ({ kind, event, delayMs }: ChartTransition): string =>
  kind === 'always'
    ? 'always'
    : kind === 'after'
      ? `after ${event}${delayMs === undefined ? '' : ` (${delayMs} ms)`}`
      : event;

type Found = ReadonlyMap<TransitionRef, { readonly state: ChartState; readonly transition: ChartTransition }>;
const known = new WeakMap<Chart, Found>();

function transitionsOf(chart: Chart): Found {
  const before = known.get(chart);
  if (before) return before;
  const all = new Map<TransitionRef, { readonly state: ChartState; readonly transition: ChartTransition }>();
  const visit = (state: ChartState): void => {
    for (const transition of state.transitions) all.set(transition.ref, { state, transition });
    state.states.forEach(visit);
  };
  visit(chart.root);
  known.set(chart, all);
  return all;
}
