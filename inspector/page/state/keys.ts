import { signal } from '@preact/signals';
import { step, toggleBookmark, togglePlay } from '../timeline/playback.ts';
import { cursor, extent, follow, following, recording, seek, selectedRecord, selectNode } from './store.ts';
import { toggleTheme } from './theme.ts';

/** Whether the list of keys is shown. */
export const showsKeys = signal(false);

interface Binding {
  readonly keys: readonly string[];
  readonly words: string;
  readonly act: () => void;
}

/** What each key does, wherever on the page a person is, but in a field or a grid that takes the key itself. */
export const BINDINGS: readonly Binding[] = [
  { keys: [' '], words: 'play, or stop', act: togglePlay },
  { keys: ['.', 'ArrowRight'], words: 'the next record', act: () => seekBy(1) },
  { keys: [',', 'ArrowLeft'], words: 'the record before', act: () => seekBy(-1) },
  { keys: ['>', 'n'], words: 'on to the next of the kind that is chosen beside Play', act: () => step(1) },
  { keys: ['<', 'N'], words: 'back to the last of that kind', act: () => step(-1) },
  { keys: ['Home'], words: 'the beginning', act: () => seek(extent.value.first) },
  { keys: ['End'], words: 'the end', act: () => seek(extent.value.length) },
  {
    keys: ['l'],
    words: 'go along with what happens, or hold on',
    act: () => !recording.value && follow(!following.value),
  },
  { keys: ['b'], words: 'mark this place, or unmark it', act: toggleBookmark },
  { keys: ['/'], words: 'look for events', act: () => focus('.query input') },
  { keys: ['['], words: 'the views in the middle', act: () => focus('.pane.middle [role=tab][aria-selected=true]') },
  { keys: [']'], words: 'the views at the side', act: () => focus('.pane.side [role=tab][aria-selected=true]') },
  { keys: ['Escape'], words: 'nothing selected', act: deselect },
  { keys: ['t'], words: 'light or dark', act: toggleTheme },
  { keys: ['?'], words: 'this list', act: () => (showsKeys.value = !showsKeys.value) },
];

const actions = new Map(BINDINGS.flatMap(({ keys, act }) => keys.map((key) => [key, act] as const)));

/** Elements that take keys themselves. */
const FIELDS =
  'input, select, textarea, [contenteditable], [role=grid], [role=application], [role=tree], [role=listbox]';
/** Elements in which any character may be meant: from lists and trees, brackets lead on to the views. */
const TEXTS = 'input, select, textarea, [contenteditable]';
/** Keys that press what has the focus. */
const PRESSES: ReadonlySet<string> = new Set([' ', 'Enter']);

/** Listens for keys from now on. */
export function listenForKeys(): void {
  document.addEventListener('keydown', (event) => {
    const { key, target, defaultPrevented, ctrlKey, metaKey, altKey } = event;
    const act = actions.get(key);
    if (!act || defaultPrevented || ctrlKey || metaKey || altKey || document.querySelector('dialog[open]')) return;
    if (target instanceof Element) {
      const isWayOut = key === '[' || key === ']';
      if (target.closest(isWayOut ? TEXTS : FIELDS) && key !== 'Escape') return;
      if (PRESSES.has(key) && target.closest('button, a, summary')) return;
      // What can be scrolled by keys is; a large chart only has the focus so that one knows where one is.
      if (key.startsWith('Arrow') && target.closest('td, th, [tabindex]:not(.large)')) return;
    }
    event.preventDefault();
    act();
  });
}

const seekBy = (by: number): void => seek(cursor.value + by);

function deselect(): void {
  if (selectedRecord.value !== undefined) selectedRecord.value = undefined;
  else selectNode(undefined);
}

const focus = (selector: string): void => document.querySelector<HTMLElement>(selector)?.focus();
