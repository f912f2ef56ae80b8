import type { Chart, GuardOutcome, TransitionRef } from '@synod/protocol';
import { type Counts, countOf, heatOf, SHADES, type Timers } from '../../../src/world/activity.ts';

/** How long a transition stays lit, in milliseconds. */
export const LIT_MS = 700;

/** What a drawn chart shows of an actor. A chart is drawn once: what happens changes classes only, and of those only what is new. */
export class LiveChart {
  readonly #states = new Map<string, Element[]>();
  readonly #byRef = new Map<TransitionRef, Element[]>();
  readonly #refs: readonly (readonly [element: Element, refs: readonly TransitionRef[]])[];
  #active: readonly string[] = [];
  #taken: readonly Element[] = [];
  #verdicts: readonly Element[] = [];
  #heat = new Map<Element, number>();
  /** The rings of timers that run, with the timer of each. */
  #rings: readonly (readonly [ring: SVGElement, id: string])[] = [];

  constructor(host: Element) {
    for (const element of host.querySelectorAll('[data-state]'))
      add(this.#states, element.getAttribute('data-state') ?? '', element);
    this.#refs = [...host.querySelectorAll('[data-refs]')].map((element) => {
      const refs = (element.getAttribute('data-refs') ?? '').split('\n');
      for (const ref of refs) add(this.#byRef, ref, element);
      return [element, refs] as const;
    });
  }

  /** Lights the active states. */
  activate(ids: readonly string[]): void {
    for (const id of this.#active) if (!ids.includes(id)) this.#toggle(id, false);
    for (const id of ids) if (!this.#active.includes(id)) this.#toggle(id, true);
    this.#active = ids;
  }

  /** Lights the transitions that were just taken, until they are told to go out. */
  take(refs: readonly TransitionRef[]): void {
    for (const element of this.#taken) element.classList.remove('taken');
    this.#taken = refs.flatMap((ref) => this.#byRef.get(ref) ?? []);
    for (const element of this.#taken) element.classList.add('taken');
  }

  /** Marks transitions whose guards were asked, by how those came out as a whole. */
  judge(outcomes: readonly GuardOutcome[]): void {
    for (const element of this.#verdicts) element.classList.remove('refused', 'passed');
    // The whole guard is told after its conditions; a transition may be asked more than once in a step.
    const last = new Map(outcomes.map(({ transition, outcome }) => [transition, outcome]));
    const marked: Element[] = [];
    for (const [ref, outcome] of last)
      for (const element of this.#byRef.get(ref) ?? []) {
        if (!element.classList.contains('row')) continue;
        element.classList.add(outcome ? 'passed' : 'refused');
        marked.push(element);
      }
    this.#verdicts = marked;
  }

  /** Colours transitions by how often they were taken; without counts, none. */
  warm(chart: Chart, counts: Counts | undefined): void {
    const most = counts ? Math.max(0, ...counts) : 0;
    for (const [element, refs] of this.#refs) {
      const count = counts ? Math.max(0, ...refs.map((ref) => countOf(chart, counts, ref))) : 0;
      const shade = heatOf(count, most);
      const before = this.#heat.get(element) ?? 0;
      if (shade === before) continue;
      if (before > 0) element.classList.remove(`heat-${before}`);
      if (shade > 0) element.classList.add(`heat-${shade}`);
      this.#heat.set(element, shade);
    }
  }

  /** Shows a ring at each transition that a running timer leads to; answers whether there is any. */
  arm(timers: Timers): boolean {
    const ids = Object.keys(timers);
    const rings: [SVGElement, string][] = [];
    for (const [element, refs] of this.#refs) {
      const ring = element.querySelector<SVGElement>(':scope > .ring');
      if (!ring) continue;
      const id = ids.find((each) => refs.some((ref) => ref.includes(`#${each}[`)));
      element.classList.toggle('running', id !== undefined);
      if (id !== undefined) rings.push([ring, id]);
    }
    this.#rings = rings;
    return rings.length > 0;
  }

  /** Turns the rings to what is left at a time on the node's clock. */
  countDown(timers: Timers, now: number): void {
    for (const [ring, id] of this.#rings) {
      const timer = timers[id];
      if (!timer) continue;
      const left = timer.delayMs > 0 ? 1 - (now - timer.setAt) / timer.delayMs : 0;
      ring.style.strokeDashoffset = String(1 - Math.max(0, Math.min(1, left)));
    }
  }

  #toggle(id: string, on: boolean): void {
    for (const element of this.#states.get(id) ?? []) element.classList.toggle('active', on);
  }
}

function add(map: Map<string, Element[]>, key: string, element: Element): void {
  const known = map.get(key);
  if (known) known.push(element);
  else map.set(key, [element]);
}

export const SHADE_CLASSES: readonly string[] = Array.from({ length: SHADES }, (_, index) => `heat-${index + 1}`);
