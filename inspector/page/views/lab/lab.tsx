import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { MAX_STEPS } from '../../../src/world/lab.ts';
import { askLab, branches, graph, lab, moment, openBranch, refusal, saved, working } from '../../state/lab.ts';
import { cursor, extent, moment as now } from '../../state/store.ts';
import { Branches } from './branches.tsx';
import { Choices } from './choices.tsx';
import { Graph } from './graph.tsx';

/** How long the place must stay the same before it is asked what may happen there, in milliseconds. */
const REST_MS = 120;

/** A run that can be continued: what may happen next, the branches that were taken, and of a small model its graph. */
export function LabView() {
  const head = lab.value;
  const [place, branch, length] = [cursor.value, openBranch.value, extent.value.length];
  const isLoaded = branches.value.find(({ id }) => id === branch)?.records === length;
  const hasGraph = graph.value !== undefined;
  useEffect(() => {
    if (!isLoaded) return;
    const timer = setTimeout(() => askLab({ ask: 'choices', branch, at: place }), REST_MS);
    return () => clearTimeout(timer);
  }, [place, branch, length, isLoaded, hasGraph]);
  if (!head) return <p class="nothing">This run cannot be continued.</p>;
  const here = moment.value?.branch === branch ? moment.value.moment : undefined;
  return (
    <div class="lab-view" aria-busy={working.value > 0}>
      <header class="lab-head">
        <h2>{head.title}</h2>
        {head.graph && !hasGraph && (
          <button type="button" onClick={() => askLab({ ask: 'graph' })}>
            Show as a graph
          </button>
        )}
        {head.counterexample && (
          <button type="button" onClick={() => askLab({ ask: 'counterexample' })}>
            Go to a counterexample
          </button>
        )}
        {working.value > 0 && <output class="working">at work …</output>}
      </header>
      {refusal.value !== undefined && (
        <p class="refusal" role="alert">
          {refusal.value}
        </p>
      )}
      {saved.value !== undefined && <output class="saved">{saved.value}</output>}
      <Branches />
      {hasGraph && graph.value && <Graph graph={graph.value} current={here?.state} />}
      <section class="next" aria-label="What may happen next">
        <h2>What may happen next</h2>
        <GoOn branch={branch} at={place} isOver={here?.ended !== undefined} />
        {here ? <Choices branch={branch} at={place} moment={here} /> : <p class="nothing">…</p>}
      </section>
    </div>
  );
}

interface GoOnProps {
  readonly branch: number;
  readonly at: number;
  readonly isOver: boolean;
}

/** Going on without choosing each step. */
function GoOn({ branch, at, isOver }: GoOnProps) {
  const steps = useSignal(20);
  const seed = useSignal(1);
  const ms = useSignal(100);
  const head = lab.value;
  if (!head) return null;
  const number = (value: string, most: number): number => Math.max(1, Math.min(most, Math.floor(Number(value)) || 1));
  const atRandom = head.goesOn === 'at random';
  return (
    <fieldset class="go-on" disabled={isOver || working.value > 0}>
      <label>
        steps
        <input
          type="number"
          min={1}
          max={MAX_STEPS}
          value={steps.value}
          onChange={({ currentTarget }) => {
            steps.value = number(currentTarget.value, MAX_STEPS);
          }}
        />
      </label>
      {atRandom && (
        <label>
          seed
          <input
            type="number"
            min={1}
            value={seed.value}
            onChange={({ currentTarget }) => {
              seed.value = number(currentTarget.value, 2 ** 32 - 1);
            }}
          />
        </label>
      )}
      <button
        type="button"
        onClick={() => askLab({ ask: 'goOn', branch, at, steps: steps.value, ...(atRandom && { seed: seed.value }) })}
      >
        {atRandom ? 'Walk at random' : 'Go on so many steps'}
      </button>
      {head.untilMs && (
        <>
          <label>
            ms
            <input
              type="number"
              min={1}
              value={ms.value}
              onChange={({ currentTarget }) => {
                ms.value = number(currentTarget.value, 1e9);
              }}
            />
          </label>
          <button
            type="button"
            onClick={() => askLab({ ask: 'goOn', branch, at, untilMs: (now.value ?? 0) + ms.value })}
          >
            Go on so long
          </button>
          <button type="button" onClick={() => askLab({ ask: 'goOn', branch, at })}>
            Go on to the end
          </button>
        </>
      )}
    </fieldset>
  );
}
