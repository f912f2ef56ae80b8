import { canonical } from '@synod/protocol';
import type { Operation } from './operations.ts';
import { groupBy, precedes } from './operations.ts';
import type { States } from './states.ts';
import { EMPTY, hasMember, nextAbsent, type Window, withMember } from './window.ts';

/**
 * What is asked: is there an order of the operations, in each lane respecting real time, in which the object gives their answers?
 * With one lane for all clients that is linearizability, with one for each client sequential consistency.
 */
export interface Problem {
  readonly states: States;
  /** Each by invocation. */
  readonly lanes: readonly (readonly Operation[])[];
  /** Inputs that anybody may have given, at any time and any number of times. */
  readonly free?: readonly unknown[];
  readonly maxStates: number;
  /** As of `Date.now()`. */
  readonly deadline: number;
}

/** An operation, or a free input, at its place in an order. */
export interface Placed {
  readonly operation?: Operation;
  readonly input: unknown;
  /** The canonical text of what it returned. */
  readonly output: string;
}

export type Found =
  | { readonly found: true; readonly order: readonly Placed[] }
  /** `stuck`: of the orders that came furthest, the operations that had to be next and could not. */
  | { readonly found: false; readonly stuck: readonly Operation[] }
  | { readonly found: 'unknown'; readonly why: string };

/** Finds such an order. */
export const findOrder = (problem: Problem): Found => new Search(problem).run();

/** An operation whose answer is known, with its place in its lane's sequence of invocations and answers. */
interface Sure {
  readonly operation: Operation;
  readonly input: number;
  readonly output: string;
  readonly call: number;
  readonly end: number;
  /** Indices, in its lane, of operations of its client that were over at the very moment of its invocation. */
  readonly after: readonly number[];
}

/** A free input, or that of an operation of unknown outcome. */
interface Input {
  readonly value: unknown;
  readonly number: number;
  readonly operation?: Operation;
}

/** An operation that may take its effect at any time after its invocation, or never. */
interface Maybe {
  readonly operation: Operation;
  readonly input: number;
  /** Its bit in a configuration's `used`. */
  readonly bit: bigint;
  readonly lane: number;
  readonly call: number;
  readonly after: readonly number[];
}

/** How far an order has come. */
interface Configuration {
  readonly windows: readonly Window[];
  readonly left: number;
  readonly state: number;
  /** Which of the `Maybe`s have taken effect, as bits. */
  readonly used: bigint;
  readonly parent?: Configuration;
  readonly placed?: Placed;
  /**
   * What is next: operations with answers; then what may have happened before them, at first only where it makes an answer possible; after
   * that, no more of the latter.
   */
  readonly phase: 'sure' | 'maybe' | 'rest' | 'sureOnly';
}

/** How many states are tried that operations of unknown outcome alone lead to, at one place of an order. */
const MOST_REACHED = 4096;
/** Up to so many free inputs, rows of three are tried; up to the other number, each anywhere; of more, those after which more is possible. */
const FEW_FREE = 8;
const MANY_FREE = 64;

/**
 * Wing & Gong's search (*Testing and Verifying Concurrent Objects*, 1993) with the cache of Lowe (*Testing for Linearizability*, 2017,
 * §4): a set of operations that came to a state once need not come to it again. Lowe undoes steps in a linked list; here a
 * configuration is a value, and the set of its operations a window. An operation of unknown outcome is tried only where those with
 * answers lead no further, and a set with more of them is no better than one with fewer.
 */
class Search {
  readonly #problem: Problem;
  readonly #states: States;
  readonly #lanes: readonly (readonly Sure[])[];
  readonly #maybes: readonly Maybe[];
  readonly #free: readonly Input[];
  /** The least sets of `Maybe`s with which a configuration was reached. */
  readonly #visited = new Map<string, bigint[]>();
  readonly #stack: Configuration[] = [];
  /** What is followed only when nothing else is left, the oldest first: rows of free inputs have no end. */
  readonly #later: Configuration[] = [];
  #oldest = 0;
  #count = 0;
  #truncated = false;
  #furthest: { readonly measure: number; readonly stuck: readonly Operation[] } = { measure: -1, stuck: [] };

  constructor(problem: Problem) {
    this.#problem = problem;
    this.#states = problem.states;
    const laid = problem.lanes.map((lane, index) => layOut(lane, index, problem.states));
    this.#lanes = laid.map(({ sure }) => sure);
    this.#maybes = laid.flatMap(({ maybe }) => maybe).map((maybe, index) => ({ ...maybe, bit: 1n << BigInt(index) }));
    this.#free = (problem.free ?? []).map((value) => ({ value, number: problem.states.input(value) }));
  }

  run(): Found {
    const left = this.#lanes.reduce((sum, lane) => sum + lane.length, 0);
    const windows = this.#lanes.map(() => EMPTY);
    this.#visit({ windows, left, state: 0, used: 0n, phase: 'sure' });
    for (let next = this.#stack.pop(); next; next = this.#stack.pop() ?? this.#later[this.#oldest++]) {
      if (next.left === 0) return { found: true, order: orderOf(next) };
      if (++this.#count > this.#problem.maxStates)
        return { found: 'unknown', why: `the search was stopped after ${this.#problem.maxStates} configurations` };
      if ((this.#count & 1023) === 0 && Date.now() > this.#problem.deadline)
        return { found: 'unknown', why: `the search was stopped by its time after ${this.#count} configurations` };
      if (next.phase === 'maybe' || next.phase === 'rest') this.#placeMaybes(next);
      else this.#placeSure(next);
    }
    if (this.#truncated)
      return {
        found: 'unknown',
        why: `operations of unknown outcome lead to more than ${MOST_REACHED} states at one place`,
      };
    return { found: false, stuck: this.#furthest.stuck };
  }

  #visit(next: Configuration): void {
    const key = `${next.state}|${next.windows.map(({ text }) => text).join(';')}`;
    const known = this.#visited.get(key);
    if (known?.some((used) => (used & next.used) === used)) return;
    if (known) known.push(next.used);
    else this.#visited.set(key, [next.used]);
    this.#stack.push(next);
  }

  /** Goes on with each operation that may be the next: none that was over before it began is still to come. */
  #placeSure(at: Configuration): void {
    if (at.phase === 'sure' && (this.#maybes.length > 0 || this.#free.length > 0))
      this.#stack.push({ ...at, phase: 'maybe' });
    const stuck: Operation[] = [];
    let measure = 0;
    const next: Configuration[] = [];
    for (const [number, lane] of this.#lanes.entries()) {
      const { candidates, blocking } = this.#next(at, number);
      for (const index of candidates) this.#place(at, lane[index] as Sure, number, index, next);
      measure += blocking ? blocking.end : 2 * (lane.length + this.#maybes.length) + 2;
      if (blocking) stuck.push(blocking.operation);
    }
    if (measure > this.#furthest.measure) this.#furthest = { measure, stuck };
    // The last one pushed is the first one followed: in the order of invocation, which is most often right.
    if (this.#lanes.length > 1) next.sort((a, b) => begin(a) - begin(b));
    for (const configuration of next.reverse()) this.#visit(configuration);
  }

  /** The operations of a lane that may be next, and of those still to come the one that is over first. */
  #next(at: Configuration, number: number): { readonly candidates: readonly number[]; readonly blocking?: Sure } {
    const lane = this.#lanes[number] as readonly Sure[];
    const window = at.windows[number] as Window;
    const candidates: number[] = [];
    let blocking: Sure | undefined;
    for (let index = nextAbsent(window, 0); index < lane.length; index = nextAbsent(window, index + 1)) {
      const sure = lane[index] as Sure;
      if (blocking && sure.call > blocking.end) break;
      if (!blocking || sure.end < blocking.end) blocking = sure;
      if (sure.after.every((earlier) => hasMember(window, earlier))) candidates.push(index);
    }
    return { candidates, ...(blocking && { blocking }) };
  }

  #candidates(at: Configuration): readonly Sure[] {
    return this.#lanes.flatMap((lane, number) => this.#next(at, number).candidates.map((index) => lane[index] as Sure));
  }

  #place(at: Configuration, sure: Sure, lane: number, index: number, next: Configuration[]): void {
    const { operation, input, output } = sure;
    const [state, given] = this.#states.apply(at.state, operation.input, input);
    if (given !== output) return;
    const windows = at.windows.with(lane, withMember(at.windows[lane] as Window, index));
    const placed = { operation, input: operation.input, output };
    next.push({ windows, left: at.left - 1, state, used: at.used, parent: at, placed, phase: 'sure' });
  }

  /** All states to which operations of unknown outcome lead from here; those that change nothing may as well not have happened. */
  #placeMaybes(at: Configuration): void {
    const open = this.#maybes.filter((maybe) => this.#mayBegin(at, maybe));
    const reached = [{ from: at, free: 0 }];
    const seen = new Map<number, bigint[]>([[at.state, [at.used]]]);
    const add = (from: Configuration, input: Input, used: bigint, free: number) => {
      const [state, output] = this.#states.apply(from.state, input.value, input.number);
      const known = seen.get(state) ?? [];
      if (known.some((less) => (less & used) === less)) return;
      seen.set(state, [...known, used]);
      const placed = { ...(input.operation && { operation: input.operation }), input: input.value, output };
      reached.push({ from: { ...at, state, used, parent: from, placed, phase: 'sureOnly' }, free });
    };
    for (let index = 0; index < reached.length && reached.length < MOST_REACHED; index++) {
      const { from, free } = reached[index] as (typeof reached)[number];
      for (const { operation, input, bit } of open) {
        const value = operation.input;
        if ((from.used & bit) === 0n) add(from, { operation, value, number: input }, from.used | bit, free);
      }
      if (free < (this.#free.length <= FEW_FREE ? 3 : 1))
        for (const input of this.#free) add(from, input, from.used, free + 1);
    }
    this.#count += reached.length;
    if (reached.length >= MOST_REACHED) this.#truncated = true;
    const candidates = this.#candidates(at);
    let others = false;
    for (const { from, free } of reached.slice(1).reverse()) {
      const opens = candidates.some((sure) => this.#opens(sure, at, from));
      if (opens === (at.phase === 'maybe')) this.#visit(from);
      else if (free === 0 || this.#free.length <= MANY_FREE) others = true;
    }
    if (others && at.phase === 'maybe') this.#later.push({ ...at, phase: 'rest' });
  }

  #opens = ({ operation, input, output }: Sure, at: Configuration, from: Configuration): boolean =>
    this.#states.apply(at.state, operation.input, input)[1] !== output &&
    this.#states.apply(from.state, operation.input, input)[1] === output;

  #mayBegin(at: Configuration, { lane: number, call, after }: Maybe): boolean {
    const window = at.windows[number] as Window;
    const lane = this.#lanes[number] as readonly Sure[];
    for (let index = nextAbsent(window, 0); index < lane.length; index = nextAbsent(window, index + 1)) {
      const sure = lane[index] as Sure;
      if (sure.call > call) break;
      if (sure.end < call) return false;
    }
    return after.every((earlier) => hasMember(window, earlier));
  }
}

/** A lane's operations with their places in the sequence of its invocations and answers. At one moment, invocations come first. */
function layOut(
  lane: readonly Operation[],
  number: number,
  states: States,
): { readonly sure: readonly Sure[]; readonly maybe: readonly Omit<Maybe, 'bit'>[] } {
  const moments = lane.flatMap((operation, index) => [
    { index, time: operation.invokedAt, end: false },
    ...(operation.outcome === 'returned' ? [{ index, time: operation.returnedAt as number, end: true }] : []),
  ]);
  moments.sort((a, b) => a.time - b.time || Number(a.end) - Number(b.end) || a.index - b.index);
  const calls = new Map<number, number>();
  const ends = new Map<number, number>();
  for (const [place, { index, end }] of moments.entries()) (end ? ends : calls).set(index, place);
  const returned = lane.filter(({ outcome }) => outcome === 'returned');
  const indices = new Map(returned.map((operation, index) => [operation, index]));
  const endingAt = groupBy(returned, ({ returnedAt }) => returnedAt);
  const sure: Sure[] = [];
  const maybe: Omit<Maybe, 'bit'>[] = [];
  for (const [index, operation] of lane.entries()) {
    const input = states.input(operation.input);
    const call = calls.get(index) as number;
    const after = (endingAt.get(operation.invokedAt) ?? [])
      .filter((other) => other !== operation && precedes(other, operation))
      .map((other) => indices.get(other) as number);
    if (operation.outcome === 'unknown') maybe.push({ operation, input, lane: number, call, after });
    else {
      const end = ends.get(index) as number;
      sure.push({ operation, input, output: canonical(operation.output), call, end, after });
    }
  }
  return { sure, maybe };
}

const begin = ({ placed }: Configuration): number => placed?.operation?.invokedAt ?? 0;

function orderOf(last: Configuration): readonly Placed[] {
  const order: Placed[] = [];
  for (let at: Configuration | undefined = last; at; at = at.parent) if (at.placed) order.push(at.placed);
  return order.reverse();
}
