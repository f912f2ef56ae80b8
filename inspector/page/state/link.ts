import { batch, effect, signal } from '@preact/signals';
import { bookmarks } from '../timeline/playback.ts';
import { type Level, level, query } from './filter.ts';
import { chosen } from './panes.ts';
import { cursor, extent, loading, recording, seek, selectedActor, selectedNode, selectedRecord } from './store.ts';

// The place of the page in its address, so that it can be handed on: what is shown, and of a run that is over also where.

/** How often the address changes at most, in milliseconds; browsers refuse more. */
const PAUSE_MS = 400;

/** Where a link leads once that much of the run is there, or all of it. */
const goal = signal<{ readonly at: number; readonly record?: number } | undefined>(undefined);

/** Reads the address, and keeps it in step with the page from now on. Answers whether it leads to a place of the run. */
export function linkAddress(): boolean {
  read();
  const isPlace = goal.value !== undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const hash = written();
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (goal.peek() === undefined && location.hash !== hash)
        history.replaceState(null, '', hash === '' ? location.pathname : hash);
    }, PAUSE_MS);
  });
  effect(() => {
    const { length } = extent.value;
    if (!goal.value || !recording.value || length === 0 || (length < goal.value.at && loading.value)) return;
    const { at, record } = goal.value;
    batch(() => {
      goal.value = undefined;
      seek(at);
      selectedRecord.value = record !== undefined && record < length ? record : undefined;
    });
  });
  addEventListener('hashchange', read);
  return isPlace;
}

function read(): void {
  const parameters = new URLSearchParams(location.hash.slice(1));
  const number = (name: string): number | undefined => {
    const text = parameters.get(name);
    return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
  };
  const text = (name: string): string | undefined => parameters.get(name)?.slice(0, 500) ?? undefined;
  batch(() => {
    chosen.middle.value = text('view') ?? chosen.middle.value;
    chosen.side.value = text('side') ?? chosen.side.value;
    selectedNode.value = text('node') ?? selectedNode.value;
    selectedActor.value = text('actor') ?? selectedActor.value;
    query.value = text('q') ?? query.value;
    const shown = text('level');
    if (isLevel(shown)) level.value = shown;
    bookmarks.value =
      text('marks')
        ?.split(',')
        .filter((each) => /^\d{1,12}$/.test(each))
        .map(Number) ?? bookmarks.value;
  });
  const record = number('record');
  // Without a place, a record is shown where it has just happened.
  const at = number('at') ?? (record === undefined ? undefined : record + 1);
  if (at !== undefined) goal.value = { at, ...(record !== undefined && { record }) };
}

const isLevel = (text: string | undefined): text is Level =>
  text === 'changes' || text === 'messages' || text === 'everything';

/** The address of what is shown. Indexes of something live mean nothing to a page that opens later. */
function written(): string {
  const parameters = new URLSearchParams();
  const set = (name: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') parameters.set(name, String(value));
  };
  set('view', chosen.middle.value);
  set('side', chosen.side.value);
  set('node', selectedNode.value);
  set('actor', selectedActor.value);
  set('q', query.value);
  if (level.value !== 'messages') set('level', level.value);
  if (recording.value) {
    if (!loading.value) set('at', cursor.value);
    set('record', selectedRecord.value);
    set('marks', bookmarks.value.join(','));
  }
  const text = parameters.toString();
  return text === '' ? '' : `#${text}`;
}
