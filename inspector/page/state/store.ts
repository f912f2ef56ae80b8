import { batch, computed, signal } from '@preact/signals';
import type { TraceRecord } from '@synod/protocol';
import {
  type Control,
  type Faults,
  noFaults,
  type RecordingHead,
  type ServerFrame,
  WIRE_VERSION,
} from '../../src/world/wire.ts';
import { type ActorView, emptyWorld, type NodeView, type World, withNode, withRecord } from '../../src/world/world.ts';
import { type Entry, Journal, trimmed } from './entries.ts';
import { Film } from './film.ts';
import { takeLab } from './lab.ts';
import { byName } from './matrix.ts';
import { verdicts } from './verdicts.ts';

/** How long frames wait at most when no animation frame comes, in milliseconds. */
const HIDDEN_MS = 300;

export const connected = signal(false);
export const world = signal<World>(emptyWorld);
export const entries = signal<readonly Entry[]>([]);
export const controls = signal<readonly Control[]>([]);
/** What is done to the nodes at present. */
export const faults = signal<Faults>(noFaults);
export const received = signal(0);
export const skipped = signal(0);
/** What a control came to, until the next one. */
export const notice = signal<{ readonly ok: boolean; readonly text: string } | undefined>(undefined);
/** The node whose chart is large. */
export const selectedNode = signal<string | undefined>(undefined);
/** The index of the record of a run that is selected. */
export const selectedRecord = signal<number | undefined>(undefined);
export const selectedEntry = signal<Entry | undefined>(undefined);

/** Of a run that is over: what is known of it. Undefined while something live is watched. */
export const recording = signal<RecordingHead | undefined>(undefined);
/** How many records of it have happened in what the page shows. */
export const position = signal(0);

export const nodeNames = computed(() => Object.keys(world.value).sort(byName));

/** The actor that stands for a node: the first that tells of members, else the first that was spawned. */
export function mainActorOf({ actors }: NodeView): ActorView | undefined {
  const all = Object.values(actors);
  return all.find(({ members }) => Object.keys(members).length > 0) ?? all[0];
}

export const mainActor = (node: string): ActorView | undefined => {
  const view = world.value[node];
  return view && mainActorOf(view);
};

let film = new Film();
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

const OTHER_VERSION = { ok: false, text: 'The server is of another version: load this page again.' } as const;

function apply(frame: ServerFrame): void {
  switch (frame.type) {
    case 'world':
      if (frame.version !== WIRE_VERSION) {
        notice.value = OTHER_VERSION;
        return;
      }
      world.value = Object.assign(Object.create(null), frame.world);
      controls.value = frame.controls;
      faults.value = frame.faults;
      journal = new Journal();
      entries.value = trimmed(journal.read(frame.records));
      selectedEntry.value = undefined;
      received.value = Math.max(received.value, frame.records.length);
      return;
    case 'recording':
      if (frame.version !== WIRE_VERSION) {
        notice.value = OTHER_VERSION;
        return;
      }
      recording.value = frame.head;
      verdicts.value = undefined;
      selectRecord(undefined);
      film = new Film();
      journal = new Journal();
      entries.value = [];
      received.value = 0;
      seek(0);
      return;
    case 'records':
      if (recording.value) return play(frame.records);
      return append(frame.records, frame.skipped);
    case 'verdicts':
      verdicts.value = frame.verdicts;
      return;
    case 'lab.branches':
    case 'lab.moment':
    case 'lab.graph':
    case 'lab.saved':
    case 'lab.done':
    case 'lab.refused':
      return takeLab(frame);
    case 'node':
      world.value = withNode(world.value, frame.node, frame.up, frame.about);
      return;
    case 'faults':
      faults.value = frame.faults;
      return;
    case 'result':
      if (!frame.ok) notice.value = { ok: false, text: frame.message };
      // Of several that were asked for together, the one that failed is told.
      else if (notice.value?.ok !== false) notice.value = { ok: true, text: 'Done.' };
  }
}

/** Shows a recording as it was after its first `to` records. */
export function seek(to: number): void {
  batch(() => {
    position.value = Math.max(0, Math.min(film.length, to));
    world.value = film.worldAt(position.value);
  });
}

/** Selects a record of a run, by its index. */
export function selectRecord(index: number | undefined): void {
  selectedRecord.value = index;
  selectedEntry.value = index === undefined ? undefined : entries.value[index];
}

/** More of a recording: it is shown at its end, until a person moves away from there. */
function play(records: readonly TraceRecord[]): void {
  const wasAtEnd = position.value === film.length;
  film.add(records);
  entries.value = [...entries.value, ...journal.read(records)];
  received.value += records.length;
  if (wasAtEnd) seek(film.length);
}

function append(records: readonly TraceRecord[], left: number): void {
  world.value = records.reduce(withRecord, world.value);
  entries.value = trimmed([...entries.value, ...journal.read(records)]);
  received.value += records.length;
  skipped.value += left;
}
