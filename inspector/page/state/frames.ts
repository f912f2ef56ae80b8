import { batch } from '@preact/signals';
import { readFrame } from '../../src/world/lines.ts';
import { type RecordingHead, type ServerFrame, WIRE_VERSION } from '../../src/world/wire.ts';
import { emptyWorld, type World } from '../../src/world/world.ts';
import { LineError } from '../story/read.ts';
import { LIVE_BYTES } from '../story/story.ts';
import { takeLab } from './lab.ts';
import { beginStory, controls, faults, grown, loading, notice, received, recording, skipped, story } from './store.ts';
import { verdicts } from './verdicts.ts';

/** How long frames wait at most when no animation frame comes, in milliseconds. */
const HIDDEN_MS = 300;
/** How long the page works on frames before it draws, in milliseconds; while a recording is read, longer. */
const BUSY_MS = 24;
const READING_MS = 60;

let pending: string[] = [];
let scheduled: (() => void) | undefined;
/** Whether the rest of a recording is of no use, since one of its lines is no record. */
let broken = false;

/** Takes a frame of the server; all frames of one animation frame are applied together. */
export function take(frame: string): void {
  pending.push(frame);
  if (!scheduled) schedule();
}

/** What has come and is not yet applied is of no interest any more. */
export function forget(): void {
  scheduled?.();
  pending = [];
}

function schedule(): void {
  const flush = (): void => {
    scheduled?.();
    const until = performance.now() + (loading.peek() ? READING_MS : BUSY_MS);
    let at = 0;
    batch(() => {
      while (at < pending.length && performance.now() < until) apply(pending[at++] as string);
      grown();
    });
    pending = pending.slice(at);
    if (pending.length > 0) schedule();
  };
  const shown = requestAnimationFrame(flush);
  // A page in the background gets no animation frames, and must not pile up its mail.
  const hidden = setTimeout(flush, loading.peek() ? 0 : HIDDEN_MS);
  scheduled = () => {
    cancelAnimationFrame(shown);
    clearTimeout(hidden);
    scheduled = undefined;
  };
}

const OTHER_VERSION = { ok: false, text: 'The server is of another version: load this page again.' } as const;

function apply(text: string): void {
  const { head: frame, lines } = readFrame<ServerFrame>(text);
  switch (frame.type) {
    case 'world':
      if (frame.version !== WIRE_VERSION) {
        notice.value = OTHER_VERSION;
        return;
      }
      controls.value = frame.controls;
      faults.value = frame.faults;
      recording.value = undefined;
      begin({
        base: Object.assign(Object.create(null), frame.world),
        inForce: frame.faults,
        maxBytes: LIVE_BYTES,
      });
      received.value = Math.max(received.value - lines.length, 0);
      return append(lines);
    case 'recording':
      if (frame.version !== WIRE_VERSION) {
        notice.value = OTHER_VERSION;
        return;
      }
      return beginRecording(frame.head);
    case 'records':
      skipped.value += frame.skipped;
      return append(lines);
    case 'end':
      loading.value = false;
      if (frame.trouble !== undefined) notice.value = { ok: false, text: frame.trouble };
      return;
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
    case 'faults':
      faults.value = frame.faults;
      return;
    case 'result':
      if (!frame.ok) notice.value = { ok: false, text: frame.message };
      // Of several that were asked for together, the one that failed is told.
      else if (notice.value?.ok !== false) notice.value = { ok: true, text: 'Done.' };
  }
}

function begin(options: Parameters<typeof beginStory>[0]): void {
  broken = false;
  verdicts.value = undefined;
  beginStory(options);
}

/** Shows a run that is over; its lines follow. `base`: the world before them. */
export function beginRecording(head: RecordingHead, base: World = emptyWorld): void {
  batch(() => {
    recording.value = head;
    loading.value = true;
    received.value = 0;
    begin({ base });
  });
}

/** Adds lines to the story; after one that is no record, what came before is shown, and the rest is not. */
export function append(lines: readonly string[]): void {
  if (broken || lines.length === 0) return;
  const before = story.value.length;
  try {
    story.value.append(lines);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    broken = true;
    const line = (story.value.length + 1).toLocaleString('en');
    notice.value = {
      ok: false,
      text: `${error.code}: record ${line} ${error.message}. What comes before it is shown.`,
    };
  }
  received.value += story.value.length - before;
}
