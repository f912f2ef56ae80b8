import {
  type Address,
  createEngine,
  type Effect,
  type MemberView,
  type Message,
  nodeOf,
  type Step,
} from '@synod/protocol';
import type { EventObject, SnapshotFrom } from 'xstate';
import type { SwimContext, SwimInput } from '../context.ts';
import { initialMembers, swimMachine, type Update } from '../index.ts';

const engine = createEngine(swimMachine);

/** One member whose messages and timers go as a test says. */
export class Member {
  /** Timers by id, with their delays in milliseconds. */
  readonly timers = new Map<string, { readonly delayMs: number; readonly event: EventObject }>();
  #snapshot: SnapshotFrom<typeof swimMachine>;
  #effects: readonly Effect[] = [];

  constructor(input: Partial<SwimInput>) {
    const first = engine.initial({ self: 'swim@n1', seed: 7, cluster: 'c', ...input });
    this.#snapshot = first.snapshot;
    this.#take(first);
  }

  get context(): SwimContext {
    return this.#snapshot.context;
  }

  get value(): unknown {
    return this.#snapshot.value;
  }

  get isOver(): boolean {
    return this.#snapshot.status === 'done';
  }

  /** What the last step sent. */
  get sent(): readonly { readonly to: string; readonly message: Message }[] {
    return this.#effects.flatMap((effect) =>
      effect.kind === 'send' ? effect.to.map((to) => ({ to: nodeOf(to), message: effect.message })) : [],
    );
  }

  /** The updates on the first message that the last step sent. */
  get riding(): readonly Update[] {
    const [first] = this.sent;
    return first && 'updates' in first.message ? (first.message.updates as readonly Update[]) : [];
  }

  /** What the last step told the host. */
  get told(): readonly EventObject[] {
    return this.#effects.flatMap((effect) => (effect.kind === 'emit' ? [effect.event] : []));
  }

  status(node: string): string | undefined {
    return this.context.members.get(node)?.status;
  }

  receive(from: string, message: object, at = 0): this {
    return this.#step({ ...message, from: `swim@${from}` as Address, at } as unknown as EventObject);
  }

  ask(request: EventObject): this {
    return this.#step({ ...request, at: 0 } as EventObject);
  }

  /** The end of the timer whose id contains `name`. */
  fire(name: string, at = 0): this {
    const found = [...this.timers].find(([id]) => id.includes(name));
    if (!found) throw new Error(`no timer ${name} among ${[...this.timers.keys()].join(', ')}`);
    this.timers.delete(found[0]);
    return this.#step({ ...found[1].event, at } as EventObject);
  }

  delayOf(name: string): number | undefined {
    return [...this.timers].find(([id]) => id.includes(name))?.[1].delayMs;
  }

  #step(event: EventObject): this {
    const next = engine.step(this.#snapshot, event);
    this.#snapshot = next.snapshot;
    this.#take(next);
    return this;
  }

  #take({ effects }: Step<unknown>): void {
    this.#effects = effects;
    for (const effect of effects) {
      if (effect.kind === 'setTimer') this.timers.set(effect.id, effect);
      if (effect.kind === 'cancelTimer') this.timers.delete(effect.id);
    }
  }
}

/** n1 among members that know each other. */
export const member = (count = 4, input: Partial<SwimInput> = {}): Member =>
  new Member({ ...initialMembers(Array.from({ length: count }, (_, index) => `n${index + 1}`)), ...input });

export const claim = (status: Update['status'], node: string, incarnation = 0, by = 'n4'): Update =>
  ({ status, node, incarnation, metadata: {}, ...(status === 'suspect' && { by }) }) as Update;

export const ping = (updates: readonly Update[] = [], more: object = {}) => ({
  ...{ type: 'Ping', cluster: 'c', sequence: 1, updates },
  ...more,
});

export const changed = (
  status: MemberView['status'],
  node: string,
  before: MemberView['status'] | null,
  incarnation = 0,
) => ({
  type: 'memberChanged',
  member: { node, status, incarnation, metadata: {} },
  before,
});

/** `member` in its first period, with the member it probes. */
export function probing(count = 4, input: Partial<SwimInput> = {}) {
  const one = member(count, input).fire('settling');
  const [sent] = one.sent;
  if (!sent) throw new Error('nobody is probed');
  return { one, target: sent.to, sequence: (sent.message as unknown as { sequence: number }).sequence };
}
