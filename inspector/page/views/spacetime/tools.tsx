import { useSignal } from '@preact/signals';
import type { Settings } from '../../../src/spacetime/choices.ts';
import { recording } from '../../state/store.ts';
import type { Binding } from './binding.ts';
import { choose, settings } from './settings.ts';

/** What is to be seen, and of what. */
export function SpaceTimeTools({ binding }: { binding: Binding }) {
  const isOpen = useSignal(false);
  const { isFollowing } = binding;
  return (
    <>
      <div class="spacetime-tools">
        <button
          type="button"
          aria-expanded={isOpen.value}
          onClick={() => {
            isOpen.value = !isOpen.value;
          }}
        >
          Show{settings.value.hidden.size > 0 ? ` · ${settings.value.hidden.size} hidden` : ''}
        </button>
        <span class="space" />
        <Act label="Further away" text="−" act={() => binding.diagram.move((it) => it.zoom(1 / 1.5))} />
        <Act label="Nearer" text="+" act={() => binding.diagram.move((it) => it.zoom(1.5))} />
        <Act label="Fit: show all of it" text="Fit" act={() => binding.diagram.move((it) => it.fit())} />
        {!recording.value && (
          <button type="button" aria-pressed={isFollowing.value} onClick={() => binding.diagram.follow()}>
            Follow
          </button>
        )}
      </div>
      {isOpen.value && <Choices binding={binding} />}
    </>
  );
}

function Act({ label, text, act }: { label: string; text: string; act: () => void }) {
  return (
    <button type="button" aria-label={label} title={label} onClick={act}>
      {text}
    </button>
  );
}

const AXES: Readonly<Record<Settings['axis'], string>> = {
  time: 'time',
  busy: 'time, idle left out',
  order: 'order, one by one',
};

function Choices({ binding }: { binding: Binding }) {
  const { by, axis, timers, hidesQuiet } = settings.value;
  return (
    <fieldset class="spacetime-choices" aria-label="What the diagram shows">
      <label>
        Lanes{' '}
        <select value={by} onChange={(event) => choose({ by: event.currentTarget.value as Settings['by'] })}>
          <option value="node">nodes</option>
          <option value="actor">actors</option>
        </select>
      </label>
      <label>
        Downwards{' '}
        <select value={axis} onChange={(event) => choose({ axis: event.currentTarget.value as Settings['axis'] })}>
          {Object.entries(AXES).map(([id, words]) => (
            <option key={id} value={id}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <Check label="timers" on={timers} change={(on) => choose({ timers: on })} />
      <Check label="only lanes with messages" on={hidesQuiet} change={(on) => choose({ hidesQuiet: on })} />
      <Types binding={binding} />
    </fieldset>
  );
}

/** The types of messages, the most frequent first. */
function Types({ binding }: { binding: Binding }) {
  void binding.version.value;
  const { types } = binding.diagram.spaceTime.marks;
  const { hidden } = settings.value;
  const sorted = [...types].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  return (
    <fieldset class="types" aria-label="Types of messages">
      {sorted.map(([type, count]) => (
        <Check
          key={type}
          label={type}
          count={count}
          on={!hidden.has(type)}
          change={(on) => {
            const others = [...hidden].filter((each) => each !== type);
            choose({ hidden: new Set(on ? others : [...others, type]) });
          }}
        />
      ))}
    </fieldset>
  );
}

interface CheckProps {
  readonly label: string;
  readonly on: boolean;
  readonly count?: number;
  readonly change: (on: boolean) => void;
}

function Check({ label, on, count, change }: CheckProps) {
  return (
    <label>
      <input type="checkbox" checked={on} onChange={(event) => change(event.currentTarget.checked)} />
      <span>{label}</span>
      {count !== undefined && <span class="count">{count.toLocaleString('en')}</span>}
    </label>
  );
}
