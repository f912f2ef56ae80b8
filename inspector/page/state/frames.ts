import { batch } from '@preact/signals';
import type { Chart } from '@synod/protocol';
import { readFrame } from '../../src/world/lines.ts';
import { unpackWorld } from '../../src/world/packed.ts';
import { type ServerFrame, WIRE_VERSION } from '../../src/world/wire.ts';
import { LIVE_BYTES } from '../story/story.ts';
import { takeLab } from './lab.ts';
import { append, beginRecording, beginRun } from './run.ts';
import { readServed, stopReading } from './served.ts';
import { controls, faults, grown, notice, received, recording, skipped, story } from './store.ts';
import { verdicts } from './verdicts.ts';

/** How long frames wait at most when no animation frame comes, in milliseconds. */
const HIDDEN_MS = 300;
/** How long the page works on frames before it draws, in milliseconds. */
const BUSY_MS = 12;
/** The part of its time that the page draws at most: the rest is for what comes, and for its person. */
const DRAWING_SHARE = 1 / 3;

/** Charts that came, each once. */
const charts = new Map<string, Chart>();

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

/** When the page drew last, and how long that took, in milliseconds. */
let drawnAt = Number.NEGATIVE_INFINITY;
let drawingMs = 0;

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
    });
    pending = pending.slice(at);
    if (took > 0) tellTook(took);
    took = 0;
    const isDrawn = draw();
    if (pending.length > 0 || !isDrawn) schedule();
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

/** Draws what has come, unless it would spend more than its share of the time with that; answers whether it did. */
function draw(): boolean {
  const now = performance.now();
  if (now - drawnAt < drawingMs / DRAWING_SHARE) return false;
  drawnAt = now;
  grown();
  // A task of its own comes after all that was drawn.
  setTimeout(() => (drawingMs = performance.now() - now));
  return true;
}

const OTHER_VERSION = { ok: false, text: 'The server is of another version: load this page again.' } as const;

function apply(text: string): void {
  const { head: frame, lines } = readFrame<ServerFrame>(text);
  if (frame.type === 'world' || frame.type === 'records' || frame.type === 'missed' || frame.type === 'faults')
    took += text.length;
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
      beginRun({ base: unpackWorld(frame.world, charts), inForce: frame.faults, maxBytes: LIVE_BYTES });
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
      return append(lines);
    case 'missed':
      skipped.value += frame.count;
      story.value.jump(unpackWorld(frame.world, charts));
      return;
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
