import { eventWords, recordText } from '../../../src/story/record-text.ts';
import { cursor, moment, recording, selectRecord, story } from '../../state/store.ts';
import { spanText } from '../../state/time-text.ts';
import type { ActorView } from './choice.ts';
import { Go } from './go.tsx';
import { doneBy, take, timersOf } from './past.ts';

/** Steps and events that are shown. */
const SHOWN = 8;

/** What will happen if nothing comes between: the timers that run, and how long they still do. */
export function Timers({ actor }: { actor: ActorView }) {
  if (actor.phase !== 'running') return null;
  const timers = timersOf(story.value, actor.address, cursor.value);
  if (timers.length === 0) return null;
  const now = moment.value ?? 0;
  return (
    <>
      <h3>Timers</h3>
      <ul class="timers">
        {timers.map(({ id, due, delayMs, index }) => (
          <li key={id}>
            <span class="timer-name">{eventWords(id)}</span>
            <progress
              max={Math.max(delayMs, 1)}
              value={Math.max(0, delayMs - (due - now))}
              aria-label={eventWords(id)}
            />
            <span class="hint">
              {due >= now ? `${spanText(due - now, recording.value?.unit)} left of` : 'due, of'}{' '}
              {spanText(delayMs, recording.value?.unit)}
            </span>
            <button
              type="button"
              aria-label={`Go to where ${eventWords(id)} was set`}
              onClick={() => selectRecord(index)}
            >
              set
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The latest steps that took a transition. */
export function Steps({ address }: { address: string }) {
  const run = story.value;
  const steps = take(withTransitions(address), SHOWN);
  if (steps.length === 0) return null;
  return (
    <>
      <h3>Latest transitions</h3>
      <ol class="past">
        {steps.map((index) => (
          <li key={index}>
            <Go index={index} />
            <span>{eventWords(run.label(index))}</span>
            <span class="hint">→ {run.state(index)}</span>
            <code class="hint">{run.taken(index).join(', ')}</code>
          </li>
        ))}
      </ol>
    </>
  );
}

function* withTransitions(address: string): Generator<number> {
  for (const index of doneBy(story.value, address, cursor.value, ['transition']))
    if (story.value.number('step', index) !== 0) yield index;
}

/** What the actor told its embedder lately. */
export function Emitted({ address }: { address: string }) {
  const events = take(doneBy(story.value, address, cursor.value, ['emit']), SHOWN);
  if (events.length === 0) return null;
  return (
    <>
      <h3>Latest events told</h3>
      <ol class="past">
        {events.map((index) => (
          <li key={index}>
            <Go index={index} />
            <span>{recordText(story.value.record(index))}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

/** Whom it sees, by status. */
export function Members({ actor }: { actor: ActorView }) {
  const members = Object.entries(actor.members);
  if (members.length === 0) return null;
  return (
    <>
      <h3>Members as it sees them</h3>
      <ul class="members-seen">
        {members.map(([member, { status, incarnation }]) => (
          <li key={member}>
            {member} <strong>{status}</strong> <span class="hint">incarnation {incarnation}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
