import { useSignal } from '@preact/signals';
import { statePaths, stateWords } from '../../../src/chart/active.ts';
import { actorHue } from '../../state/actor-words.ts';
import { shortAddress } from '../../state/lone.ts';
import { cursor, extent, selectActor, selectedRecord, story, world } from '../../state/store.ts';
import { RecordFacts } from '../events/record-details.tsx';
import { type ActorView, actorAt, addresses, actor as chosen, comparedWith } from './choice.ts';
import { ContextTree } from './context-tree.tsx';
import { FieldPast } from './field-past.tsx';
import { LastStep } from './last-step.tsx';
import { Emitted, Members, Steps, Timers } from './lately.tsx';
import { lastStepOf } from './past.ts';
import { Source } from './source.tsx';

/** One actor looked at closely, as it is at the place that is shown, and what its last step changed. */
export function StateView() {
  const actor = chosen.value;
  if (!actor)
    return (
      <p class="empty nothing">
        No actor lives yet: its state, its context and why it did what it did will stand here.
      </p>
    );
  return (
    <section class="state-view" aria-label={`State of ${actor.address}`}>
      <Chooser actor={actor} />
      <Head actor={actor} />
      <Body key={actor.address} actor={actor} />
    </section>
  );
}

function Body({ actor }: { actor: ActorView }) {
  const field = useSignal<string | undefined>(undefined);
  const { address } = actor;
  const step = lastStepOf(story.value, address, cursor.value);
  const other = actorAt(world.value, comparedWith.value);
  const before = step === undefined ? undefined : actorAt(story.value.worldAt(step), address);
  // The beginning of an actor is no change of what was there in a life before.
  const isTurn = step !== undefined && story.value.kind(step) === 'transition';
  const record = selectedRecord.value;
  return (
    <>
      {step !== undefined && <LastStep index={step} actor={actor} />}
      <h3>
        Context{other && ` beside that of ${other.address}`}
        {!other && isTurn && <span class="hint"> marked: what its last step changed</span>}
      </h3>
      {other ? (
        <ContextTree label="Contexts" value={actor.context} other={{ value: other.context }} beside />
      ) : (
        <ContextTree
          label="Context"
          value={actor.context}
          other={isTurn && before ? { value: before.context } : undefined}
          onField={(name) => {
            field.value = field.value === name ? undefined : name;
          }}
        />
      )}
      {field.value !== undefined && <FieldPast address={address} field={field.value} end={cursor.value} />}
      <Timers actor={actor} />
      <Steps address={address} />
      <Emitted address={address} />
      <Members actor={actor} />
      {record !== undefined && record >= extent.value.first && (
        <>
          <h3>Record</h3>
          <RecordFacts index={record} record={story.value.record(record)} />
        </>
      )}
    </>
  );
}

function Chooser({ actor }: { actor: ActorView }) {
  const other = actorAt(world.value, comparedWith.value);
  return (
    <div class="choosers">
      <select aria-label="Actor" value={actor.address} onChange={(event) => selectActor(event.currentTarget.value)}>
        {addresses.value.map(({ address }) => (
          <option key={address} value={address}>
            {shortAddress(address)}
          </option>
        ))}
      </select>
      <select
        aria-label="Compare with"
        value={other?.address ?? ''}
        onChange={(event) => {
          comparedWith.value = event.currentTarget.value || undefined;
        }}
      >
        <option value="">compare with…</option>
        {addresses.value
          .filter(({ address }) => address !== actor.address)
          .map(({ address }) => (
            <option key={address} value={address}>
              {shortAddress(address)}
            </option>
          ))}
      </select>
    </div>
  );
}

/** In what state it is, in words and as the chart names it, and where its machine comes from. */
function Head({ actor }: { actor: ActorView }) {
  const { chart, state, phase, protocol } = actor;
  const source: unknown = 'source' in chart.root ? chart.root.source : undefined;
  return (
    <header class={`state-head ${actorHue(actor, true)}`}>
      <p class="state-words">
        <span class="dot" aria-hidden="true" />
        <strong>{stateWords(state)}</strong>
        {phase !== 'running' && <span class={phase === 'crashed' ? 'bad' : 'hint'}>{phase}</span>}
      </p>
      <p class="hint">
        {statePaths(state).join(', ')} · {protocol === chart.id ? protocol : `${protocol}, machine ${chart.id}`}
      </p>
      {chart.root.description !== undefined && <p>{chart.root.description}</p>}
      <Source source={source} />
    </header>
  );
}
