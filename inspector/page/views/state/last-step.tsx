import type { ChartState, ChartTransition } from '@synod/protocol';
import { eventWords } from '../../../src/story/record-text.ts';
import { recording, story } from '../../state/store.ts';
import { placeText } from '../../state/time-text.ts';
import { Guards, guardsOf } from '../events/guards.tsx';
import type { ActorView } from './choice.ts';
import { Go } from './go.tsx';
import { Source } from './source.tsx';

/** The last step of an actor: what it took, which transitions, and why these. */
export function LastStep({ index, actor }: { index: number; actor: ActorView }) {
  const record = story.value.record(index);
  const guards = guardsOf(record);
  const when = placeText(story.value.at(index), recording.value?.unit);
  return (
    <>
      <h3>Last step</h3>
      <p class="step-line">
        <Go index={index} text={`#${(index + 1).toLocaleString('en')}`} />
        <span class="hint">{when}</span>
        {record.type === 'transition' ? (
          <strong>{eventWords(record.event)}</strong>
        ) : (
          <strong>{record.type === 'spawn' && record.recovered ? 'recovered' : 'begins'}</strong>
        )}
      </p>
      {record.type === 'transition' &&
        (record.transitions.length === 0 ? (
          <p class="hint">
            No transition was taken: the chart does nothing about it in this state, or a guard was against it.
          </p>
        ) : (
          <ul class="taken-list">
            {record.transitions.map((ref) => (
              <Taken key={ref} name={ref} transition={transitionIn(actor.chart.root, ref)} />
            ))}
          </ul>
        ))}
      {guards.length > 0 && <Guards guards={guards} />}
    </>
  );
}

function Taken({ name, transition }: { name: string; transition: ChartTransition | undefined }) {
  const source: unknown = transition && 'source' in transition ? transition.source : undefined;
  return (
    <li>
      <code>{name}</code>
      {transition?.guard !== undefined && <span class="guard-name"> if {transition.guard}</span>}
      {transition && transition.targets.length > 0 && <span class="hint"> → {transition.targets.join(', ')}</span>}
      {transition?.description !== undefined && <p>{transition.description}</p>}
      <Source source={source} />
    </li>
  );
}

function transitionIn(state: ChartState, ref: string): ChartTransition | undefined {
  for (const transition of state.transitions) if (transition.ref === ref) return transition;
  for (const child of state.states) {
    const found = transitionIn(child, ref);
    if (found) return found;
  }
  return undefined;
}
