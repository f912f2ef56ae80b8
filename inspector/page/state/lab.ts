import { signal } from '@preact/signals';
import type { LabAsk, LabBranch, LabGraph, LabHead, LabMoment, LabServerFrame } from '../../src/world/lab.ts';

/** What the lab can do; undefined where there is none. */
export const lab = signal<LabHead | undefined>(undefined);
export const branches = signal<readonly LabBranch[]>([]);
/** The branch that the page shows. */
export const openBranch = signal(0);
/** What may happen next at a place, as it was told last. */
export const moment = signal<{ readonly branch: number; readonly moment: LabMoment } | undefined>(undefined);
export const graph = signal<LabGraph | undefined>(undefined);
/** Why the last ask was refused. */
export const refusal = signal<string | undefined>(undefined);
/** Where a branch was saved last. */
export const saved = signal<string | undefined>(undefined);
/** Asks that are not answered yet, but those for choices. */
export const working = signal(0);

let last = 0;
let say: (frame: object) => boolean = () => false;
/** Of the asks for choices, only the latest one is of interest. */
let latest = 0;
const open = new Set<number>();

/** How frames are sent: what the connection gives. */
export function sayWith(send: (frame: object) => boolean): void {
  say = send;
}

/** A new connection: what was there before is gone. */
export function forgetLab(): void {
  open.clear();
  working.value = 0;
  moment.value = undefined;
  graph.value = undefined;
}

/** Asks the lab; the answer changes the signals. */
export function askLab(asked: LabAsk): void {
  const id = ++last;
  if (!say({ type: 'lab', id, ...asked })) {
    refusal.value = 'The inspector is not connected.';
    return;
  }
  if (asked.ask === 'choices') latest = id;
  else {
    refusal.value = undefined;
    saved.value = undefined;
    open.add(id);
    working.value = open.size;
  }
}

/** Takes a frame of the lab. */
export function takeLab(frame: LabServerFrame): void {
  switch (frame.type) {
    case 'lab.branches':
      lab.value = frame.lab;
      branches.value = frame.branches;
      openBranch.value = frame.open;
      return;
    case 'lab.moment':
      if (frame.id === latest) moment.value = { branch: frame.branch, moment: frame.moment };
      return;
    case 'lab.graph':
      graph.value = frame.graph;
      return done(frame.id);
    case 'lab.saved':
      saved.value = frame.text;
      return done(frame.id);
    case 'lab.done':
      return done(frame.id);
    case 'lab.refused':
      refusal.value = frame.message;
      return done(frame.id);
  }
}

function done(id: number): void {
  open.delete(id);
  working.value = open.size;
}
