import { batch, computed, signal } from '@preact/signals';
import type { TraceRecord } from '@synod/protocol';
import { type Control, type ServerFrame, WIRE_VERSION } from '../../src/world/wire.ts';
import { type ActorView, emptyWorld, type World, withNode, withRecord } from '../../src/world/world.ts';
import { type Entry, Journal, trimmed } from './entries.ts';

/** How long frames wait at most when no animation frame comes, in milliseconds. */
const HIDDEN_MS = 300;

export const connected = signal(false);
export const world = signal<World>(emptyWorld);
export const entries = signal<readonly Entry[]>([]);
export const controls = signal<readonly Control[]>([]);
export const received = signal(0);
export const skipped = signal(0);
/** What a control came to, until the next one. */
export const notice = signal<{ readonly ok: boolean; readonly text: string } | undefined>(undefined);
/** The node whose chart is large. */
export const selectedNode = signal<string | undefined>(undefined);
export const selectedEntry = signal<Entry | undefined>(undefined);

export const nodeNames = computed(() =>
  Object.keys(world.value).sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
);

/** The actor that stands for a node: the first that was spawned. */
export function mainActor(node: string): ActorView | undefined {
  return Object.values(world.value[node]?.actors ?? {})[0];
}

let journal = new Journal();
let pending: ServerFrame[] = [];
let scheduled = false;

/** Takes a frame of the server; all frames of one animation frame are applied together. */
export function take(frame: ServerFrame): void {
  pending.push(frame);
  if (scheduled) return;
  scheduled = true;
  const flush = (): void => {
    cancelAnimationFrame(shown);
    clearTimeout(hidden);
    scheduled = false;
    const frames = pending;
    pending = [];
    batch(() => {
      for (const each of frames) apply(each);
    });
  };
  const shown = requestAnimationFrame(flush);
  // A page in the background gets no animation frames, and must not pile up its mail.
  const hidden = setTimeout(flush, HIDDEN_MS);
}

function apply(frame: ServerFrame): void {
  switch (frame.type) {
    case 'world':
      if (frame.version !== WIRE_VERSION) {
        notice.value = { ok: false, text: 'The server is of another version: load this page again.' };
        return;
      }
      world.value = Object.assign(Object.create(null), frame.world);
      controls.value = frame.controls;
      journal = new Journal();
      entries.value = trimmed(journal.read(frame.records));
      selectedEntry.value = undefined;
      received.value = Math.max(received.value, frame.records.length);
      return;
    case 'records':
      return append(frame.records, frame.skipped);
    case 'node':
      world.value = withNode(world.value, frame.node, frame.up, frame.about);
      return;
    case 'result':
      notice.value = frame.ok ? { ok: true, text: 'Done.' } : { ok: false, text: frame.message };
  }
}

function append(records: readonly TraceRecord[], left: number): void {
  world.value = records.reduce(withRecord, world.value);
  entries.value = trimmed([...entries.value, ...journal.read(records)]);
  received.value += records.length;
  skipped.value += left;
}
