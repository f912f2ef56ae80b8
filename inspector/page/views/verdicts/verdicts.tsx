import { plainTimers } from '../../../src/story/record-text.ts';
import type { JudgedProperty, ToldStep, Verdicts } from '../../../src/world/verdicts.ts';
import { cursor, extent, goToStep } from '../../state/store.ts';
import { verdicts } from '../../state/verdicts.ts';
import { HistoryView } from './history.tsx';
import { Sign } from './sign.tsx';
import { STATUS, statusAt, stepAt, stepFrom, stretchesOf } from './status.ts';

/** What is known of a run: its properties, the steps of a counterexample, and what its clients saw. */
export function VerdictsView() {
  const known = verdicts.value;
  if (!known) return <p class="nothing">Nothing is known of this run but its records.</p>;
  const { properties, steps = [], history } = known;
  return (
    <div class="verdicts-view">
      {properties.length > 0 && <Properties properties={properties} />}
      {steps.length > 0 && <Steps steps={steps} {...circleOf(known)} />}
      {history && <HistoryView history={history} />}
    </div>
  );
}

const circleOf = ({ circleFrom }: Verdicts) => (circleFrom === undefined ? {} : { circleFrom });

const RANK = { violated: 0, open: 2, holds: 1 } as const;

function Properties({ properties }: { properties: readonly JudgedProperty[] }) {
  const sorted = properties.toSorted((a, b) => RANK[a.verdict] - RANK[b.verdict]);
  return (
    <section class="properties" aria-label="Properties">
      <h2>Properties</h2>
      <ul>
        {sorted.map((property) => (
          <Property key={`${property.kind} ${property.name}`} property={property} />
        ))}
      </ul>
    </section>
  );
}

function Property({ property }: { property: JudgedProperty }) {
  const { name, kind, source, verdict, message, at } = property;
  const status = statusAt(property, cursor.value);
  const text = (
    <>
      <Sign verdict={verdict} />
      <span class="property-name">{name}</span>
      <span class="property-kind">
        {kind}
        {source && `, ${source}`}
      </span>
      {STATUS[status] !== '' && <span class={`here ${status}`}>{STATUS[status]}</span>}
    </>
  );
  return (
    <li class={`property ${verdict}`}>
      {at ? (
        <button
          class="property-go"
          type="button"
          title={verdict === 'violated' ? 'Go to the first bad step' : 'Go to the step with which it came about'}
          onClick={() => goToStep(at)}
        >
          {text}
        </button>
      ) : (
        <div class="property-line">{text}</div>
      )}
      <Strip property={property} />
      {message && <p>{message}</p>}
    </li>
  );
}

/** Where along the run a property holds, and where not, with the place that is shown. */
function Strip({ property }: { property: JudgedProperty }) {
  const length = extent.value.length;
  const stretches = stretchesOf(property, length);
  if (stretches.length === 0) return null;
  const isWanted = property.kind === 'sometimes' || property.kind === 'eventually';
  return (
    <svg class="strip" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
      {stretches.map(({ from, to, holds }) => (
        <rect
          key={from}
          class={holds ? 'holds' : isWanted ? 'notYet' : 'broken'}
          x={from * 1000}
          y={holds ? 3 : 0}
          width={Math.max(4, (to - from) * 1000)}
          height={holds ? 4 : 10}
        />
      ))}
      <rect
        class="cursor"
        x={Math.min(997, (cursor.value / Math.max(1, length)) * 1000 - 1)}
        y={0}
        width={3}
        height={10}
      />
    </svg>
  );
}

/** The steps of a run that was taken step by step, to be walked through. */
function Steps({ steps, circleFrom }: { steps: readonly ToldStep[]; circleFrom?: number }) {
  const here = stepAt(steps, cursor.value);
  const move = (by: 1 | -1) => {
    const to = stepFrom(steps, cursor.value, by);
    if (to !== undefined) goToStep(steps[stepAt(steps, to)]?.records ?? [to - 1, to]);
  };
  return (
    <section class="steps" aria-label="Steps of the run">
      <h2>Steps</h2>
      <div class="walk">
        <button
          type="button"
          data-unpictured
          disabled={stepFrom(steps, cursor.value, -1) === undefined}
          onClick={() => move(-1)}
        >
          Previous step
        </button>
        <button
          type="button"
          data-unpictured
          disabled={stepFrom(steps, cursor.value, 1) === undefined}
          onClick={() => move(1)}
        >
          Next step
        </button>
        <output class="walk-place">
          {here < 0
            ? `start, ${steps.length} steps follow`
            : `step ${here + 1} of ${steps.length}: ${plainTimers(steps[here]?.text ?? '')}`}
        </output>
      </div>
      <ol>
        {steps.map(({ records: [from, to], action, text }, index) => (
          <li key={index} class={index > here ? 'ahead' : ''} aria-current={index === here ? 'step' : undefined}>
            {circleFrom === from && <span class="circle">from here on, for ever</span>}
            <button type="button" class="step-go" onClick={() => goToStep([from, to])}>
              <span class={`action ${action}`}>{action}</span>
              {plainTimers(text)}
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
