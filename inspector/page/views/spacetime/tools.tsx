import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import type { Settings } from '../../../src/spacetime/choices.ts';
import { spacetimeSvg } from '../../../src/spacetime/picture.ts';
import { saveBlob } from '../../open/save.ts';
import { notice, recording } from '../../state/store.ts';
import type { Binding } from './binding.ts';
import { paletteOf, spacetimePng } from './pictures.ts';
import { choose, settings } from './settings.ts';

interface Props {
  readonly binding: Binding;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
}

/** What is to be seen, and of what. */
export function SpaceTimeTools({ binding, canvas }: Props) {
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
        <Act label="Show all of it" text="Fit" act={() => binding.diagram.move((it) => it.fit())} />
        {!recording.value && (
          <button type="button" aria-pressed={isFollowing.value} onClick={() => binding.diagram.follow()}>
            Follow
          </button>
        )}
        <Save binding={binding} canvas={canvas} />
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

function Save({ binding, canvas }: Props) {
  const save = async (kind: string): Promise<void> => {
    if (!canvas.current) return;
    try {
      const blob =
        kind === 'png'
          ? await spacetimePng(canvas.current)
          : new Blob([spacetimeSvg(binding.diagram.spaceTime, paletteOf(canvas.current), binding.diagram.size)], {
              type: 'image/svg+xml',
            });
      saveBlob(blob, `space-time.${kind}`);
    } catch (error) {
      notice.value = { ok: false, text: `The picture could not be saved: ${(error as Error).message}.` };
    }
  };
  return (
    <select
      class="save"
      aria-label="Save picture"
      value=""
      onChange={({ currentTarget }) => {
        const kind = currentTarget.value;
        currentTarget.value = '';
        void save(kind);
      }}
    >
      <option value="" hidden>
        Save
      </option>
      <option value="svg">as SVG</option>
      <option value="png">as PNG</option>
    </select>
  );
}
