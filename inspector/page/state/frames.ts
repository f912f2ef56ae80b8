import { batch } from '@preact/signals';
import { readFrame } from '../../src/world/lines.ts';
import { type ServerFrame, WIRE_VERSION } from '../../src/world/wire.ts';
import { LIVE_BYTES } from '../story/story.ts';
import { takeLab } from './lab.ts';
import { append, beginRecording, beginRun } from './run.ts';
import { readServed, stopReading } from './served.ts';
import { controls, faults, grown, notice, received, recording, skipped } from './store.ts';
import { verdicts } from './verdicts.ts';

/** How long frames wait at most when no animation frame comes, in milliseconds. */
const HIDDEN_MS = 300;
/** How long the page works on frames before it draws, in milliseconds. */
const BUSY_MS = 24;

let pending: string[] = [];
/** Text of live frames that was applied, and of which the server was not told yet. */
let took = 0;
let tellTook: (length: number) => void = () => {};
let scheduled: (() => void) | undefined;
/** Takes a frame of the server; all frames of one animation frame are applied together. */
export function take(frame: string): void {
  pending.push(frame);
  if (!scheduled) schedule();
}

/** How the server is told how much of a live run was taken: it leaves out what a slow page cannot take. */
export function tookWith(tell: (length: number) => void): void {
  tellTook = tell;
}

/** What has come and is not yet applied is of no interest any more. */
export function forget(): void {
  scheduled?.();
  pending = [];
  stopReading();
}

function schedule(): void {
  const flush = (): void => {
    scheduled?.();
    const until = performance.now() + BUSY_MS;
    let at = 0;
    batch(() => {
      while (at < pending.length && performance.now() < until) apply(pending[at++] as string);
      grown();
    });
    pending = pending.slice(at);
    if (took > 0) tellTook(took);
    took = 0;
    if (pending.length > 0) schedule();
  };
  const shown = requestAnimationFrame(flush);
  // A page in the background gets no animation frames, and must not pile up its mail.
  const hidden = setTimeout(flush, HIDDEN_MS);
  scheduled = () => {
    cancelAnimationFrame(shown);
    clearTimeout(hidden);
    scheduled = undefined;
  };
}

const OTHER_VERSION = { ok: false, text: 'The server is of another version: load this page again.' } as const;

function apply(text: string): void {
  const { head: frame, lines } = readFrame<ServerFrame>(text);
  if (frame.type === 'world' || frame.type === 'records' || frame.type === 'faults') took += text.length;
  switch (frame.type) {
    case 'world':
      if (frame.version !== WIRE_VERSION) {
        notice.value = OTHER_VERSION;
        return;
      }
      controls.value = frame.controls;
      faults.value = frame.faults;
      recording.value = undefined;
      stopReading();
      beginRun({ base: Object.assign(Object.create(null), frame.world), maxBytes: LIVE_BYTES });
      received.value = Math.max(received.value - lines.length, 0);
      return append(lines);
    case 'recording':
      if (frame.version !== WIRE_VERSION) {
        notice.value = OTHER_VERSION;
        return;
      }
      beginRecording(frame.head);
      void readServed(frame.lines);
      return;
    case 'records':
      skipped.value += frame.skipped;
      return append(lines);
    case 'trouble':
      notice.value = { ok: false, text: frame.text };
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
