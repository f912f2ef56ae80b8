import { batch } from '@preact/signals';
import { LIVE_BYTES } from '../../src/story/story.ts';
import { readFrame } from '../../src/world/lines.ts';
import { unpackWorld } from '../../src/world/packed.ts';
import { type ServerFrame, WIRE_VERSION } from '../../src/world/wire.ts';
import { present } from './faults.ts';
import { takeLab } from './lab.ts';
import { nextTask } from './next-task.ts';
import { append, beginRecording, beginRun, charts } from './run.ts';
import { readServed, stopReading } from './served.ts';
import { controls, grown, notice, received, recording, skipped, story } from './store.ts';
import { verdicts } from './verdicts.ts';

/** How long the page works on frames at a time, in milliseconds: in between it draws, and hears its person. */
const WORK_MS = 8;
/** How long it waits for an animation frame to draw in, in milliseconds: in the background there is none. */
const HIDDEN_MS = 300;
/** When the screen has it wait longer for a frame, in milliseconds, it works but once in each: the rest waits, or is left out. */
const SLOW_MS = 20;
/** The part of its time that it draws at most. */
const DRAWING_SHARE = 1 / 3;

let pending: string[] = [];
let isWorking = false;

/** How long the screen had the page wait for its last frames, in milliseconds. */
let waitMs = 0;

/** Text of live frames that was applied, and of which the server was not told yet. */
let took = 0;
let tellTook: (length: number) => void = () => {};

/** Whether there is something to draw; when the page drew last, and how long that took, in milliseconds. */
let isDirty = false;
let drawnAt = Number.NEGATIVE_INFINITY;
let drawingMs = 0;

/** Takes a frame of the server. */
export function take(frame: string): void {
  pending.push(frame);
  if (!isWorking) again();
  isWorking = true;
}

/** How the server is told how much of a live run was taken: it leaves out what a slow page cannot take. */
export function tookWith(tell: (length: number) => void): void {
  tellTook = tell;
}

/** What has come and is not yet applied is of no interest any more. */
export function forget(): void {
  pending = [];
  stopReading();
}

function work(): void {
  const until = performance.now() + WORK_MS;
  let at = 0;
  batch(() => {
    while (at < pending.length && performance.now() < until) apply(pending[at++] as string);
  });
  pending = pending.slice(at);
  if (took > 0) tellTook(took);
  took = 0;
  isWorking = pending.length > 0;
  if (isWorking) again();
  if (!isDirty) drawSoon();
  isDirty = true;
}

/** Works on: at once, or after the next frame of the screen. */
function again(): void {
  if (waitMs > SLOW_MS && !document.hidden) onFrame(work);
  else void nextTask().then(work);
}

function drawSoon(): void {
  const askedAt = performance.now();
  onFrame((now) => {
    if (!document.hidden) waitMs += (now - askedAt - waitMs) / 8;
    if (now - drawnAt < drawingMs / DRAWING_SHARE) drawSoon();
    else draw();
  });
}

function onFrame(then: (now: number) => void): void {
  const due = (): void => {
    cancelAnimationFrame(shown);
    clearTimeout(hidden);
    then(performance.now());
  };
  const shown = requestAnimationFrame(due);
  const hidden = setTimeout(due, HIDDEN_MS);
}

function draw(): void {
  isDirty = false;
  drawnAt = performance.now();
  grown();
  // A task of its own comes after all that was drawn.
  setTimeout(() => (drawingMs = performance.now() - drawnAt));
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
      present.value = frame.faults;
      recording.value = undefined;
      stopReading();
      // Who comes back has had the latest records, as a rule.
      beginRun(
        { base: unpackWorld(frame.world, charts), inForce: frame.faults, maxBytes: LIVE_BYTES },
        received.value - lines.length,
      );
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
      present.value = frame.faults;
      return;
    case 'result':
      if (!frame.ok) notice.value = { ok: false, text: frame.message };
      // Of several that were asked for together, the one that failed is told.
      else if (notice.value?.ok !== false) notice.value = { ok: true, text: 'Done.' };
  }
}
