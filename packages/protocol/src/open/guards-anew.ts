import type { AnyMachineSnapshot, AnyStateMachine, EventObject } from 'xstate';
import { type GuardOutcome, GuardTap } from './guards.ts';

/** A microstep as XState's inspection tells of it. */
export interface SeenMicrostep {
  readonly event: EventObject;
  /** After it. */
  readonly snapshot: AnyMachineSnapshot;
  /** The transitions that were taken, as they are defined in the machine. */
  readonly transitions: readonly object[];
}

/** The parts of XState's state nodes that selecting transitions without an event takes (5.33; pinned by test/guards-anew.test.ts). */
interface Node {
  readonly type: string;
  readonly parent?: Node;
  readonly always?: readonly { readonly guard?: TappedGuard }[];
}

/** What stands for a guard while it is tapped. */
interface TappedGuard {
  check(snapshot: AnyMachineSnapshot, args: { readonly context: unknown; readonly event: EventObject }): boolean;
}

interface Asked {
  /** Transitions that may be taken. */
  readonly found: readonly object[];
  readonly outcomes: readonly GuardOutcome[];
}

/** One for all actors that run the same machine. */
const taps = new WeakMap<AnyStateMachine, GuardTap>();

const NOTHING: Asked = { found: [], outcomes: [] };

/**
 * How guards came out in the steps of a living actor, of which XState does not tell: they are asked anew, as `snapshot.can(event)` asks them.
 * Guards are to be pure. Where one is not, so that other transitions would be taken than were, nothing is told.
 */
export class GuardsAnew {
  readonly #machine: AnyStateMachine;
  readonly #tap: GuardTap;
  /** Where the step that is under way has come to. */
  #at: AnyMachineSnapshot | undefined;
  /** What may follow without an event. */
  #eventless = NOTHING;

  constructor(machine: AnyStateMachine) {
    this.#machine = machine;
    this.#tap = taps.get(machine) ?? new GuardTap(machine);
    taps.set(machine, this.#tap);
  }

  /** The guards that were asked for a microstep and, if it is the last one, after it. `before`: the actor's state before its step. */
  microstep(before: AnyMachineSnapshot, { event, snapshot, transitions }: SeenMicrostep): readonly GuardOutcome[] {
    // The first step of an actor begins nowhere.
    if (event.type === 'xstate.init') return [];
    const from = this.#at ?? before;
    const isEventless = this.#eventless.found.length > 0;
    const asked = isEventless ? this.#eventless : this.#ask(() => this.#machine.getTransitionData(from, event));
    const isChanged = !isEventless || snapshot !== from;
    this.#at = snapshot;
    this.#eventless = snapshot.status === 'active' && isChanged ? this.#ask(() => eventless(snapshot, event)) : NOTHING;
    const told = isSo(asked.found, transitions) ? asked.outcomes : [];
    return this.#eventless.found.length > 0 ? told : [...told, ...this.#eventless.outcomes];
  }

  /** The step is over. */
  rest(): void {
    this.#at = undefined;
    this.#eventless = NOTHING;
  }

  #ask(select: () => readonly object[]): Asked {
    const outcomes: GuardOutcome[] = [];
    try {
      return { found: this.#tap.during((outcome) => outcomes.push(outcome), select), outcomes };
    } catch {
      // The actor has thrown the same, and tells of it itself.
      return NOTHING;
    }
  }
}

/** Of transitions that may be taken, those are not that would leave what others leave. */
const isSo = (found: readonly object[], taken: readonly object[]): boolean =>
  taken.every((each) => found.includes(each)) && taken.length > 0 === found.length > 0;

/** The transitions without an event that may be taken; of each innermost state, the first, from the inside outwards. */
function eventless(snapshot: AnyMachineSnapshot, event: EventObject): readonly object[] {
  const found = new Set<object>();
  const args = { context: snapshot.context, event };
  for (const leaf of snapshot._nodes as unknown as readonly Node[]) {
    if (leaf.type !== 'atomic' && leaf.type !== 'final') continue;
    for (let node: Node | undefined = leaf; node; node = node.parent) {
      const first = node.always?.find(({ guard }) => !guard || guard.check(snapshot, args));
      if (!first) continue;
      found.add(first);
      break;
    }
  }
  return [...found];
}
