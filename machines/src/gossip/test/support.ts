import {
  type Address,
  createEngine,
  type Effect,
  type Engine,
  type Message,
  type Protocol,
  received,
  step,
} from '@synod/protocol';
import type { AnyMachineSnapshot, EventObject } from 'xstate';
import { compile } from '../../../../packages/compiler/src/index.ts';
import type { ReplicaContext, ReplicaInput } from '../context.ts';
import type { Delta } from '../messages.ts';
import { replicaProtocol, rumorProtocol } from '../protocol.ts';
import type { RumorContext, RumorInput } from '../rumor-context.ts';

const engines = new Map<Protocol, Engine>();

/** Compiled machines: the same steps, several times faster. */
export const compiled = (protocol: Protocol): Engine => {
  const engine = engines.get(protocol) ?? compile(protocol.machine);
  engines.set(protocol, engine);
  return engine;
};

export const at = (node: number): Address => `gossip@n${node}`;

/** One actor, and what each step says. */
export class Site<TContext> {
  readonly #engine: Engine;
  readonly self: Address;
  #snapshot: AnyMachineSnapshot;
  readonly #timers = new Map<string, EventObject>();

  constructor(protocol: Protocol, self: Address, input: object) {
    this.#engine = createEngine(protocol.machine);
    this.self = self;
    const first = this.#engine.initial({ self, seed: 1, ...input });
    this.#snapshot = first.snapshot as AnyMachineSnapshot;
    this.#arm(first.effects);
  }

  get context(): TContext {
    return this.#snapshot.context as TContext;
  }

  get value(): unknown {
    return this.#snapshot.value;
  }

  /** Takes an event up; what it sends and emits. */
  take(event: { readonly type: string; readonly [field: string]: unknown }): Said {
    const { snapshot, effects } = step(this.#engine, this.#snapshot, event as EventObject);
    this.#snapshot = snapshot as AnyMachineSnapshot;
    this.#arm(effects);
    return new Said(effects);
  }

  receive(from: Address, message: Message): Said {
    return this.take(received(message, from, 0) as never);
  }

  /** The end of its only timer. */
  tick(): Said {
    const [id, event] = [...this.#timers][0] ?? [];
    if (id === undefined || event === undefined) throw new Error(`${this.self} waits for nothing`);
    this.#timers.delete(id);
    return this.take(event as never);
  }

  get delays(): readonly string[] {
    return [...this.#timers.keys()];
  }

  #arm(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'setTimer') this.#timers.set(effect.id, effect.event);
      if (effect.kind === 'cancelTimer') this.#timers.delete(effect.id);
    }
  }
}

/** What a step said. */
export class Said {
  readonly sent: readonly { readonly to: Address; readonly message: Message }[];
  readonly emitted: readonly EventObject[];

  constructor(effects: readonly Effect[]) {
    this.sent = effects.flatMap((effect) =>
      effect.kind === 'send' ? effect.to.map((to) => ({ to, message: effect.message })) : [],
    );
    this.emitted = effects.flatMap((effect) => (effect.kind === 'emit' ? [effect.event] : []));
  }

  get messages(): readonly Message[] {
    return this.sent.map(({ message }) => message);
  }

  /** The only message. */
  get message(): Message {
    if (this.messages.length !== 1) throw new Error(`${this.messages.length} messages`);
    return this.messages[0] as Message;
  }

  get types(): readonly string[] {
    return this.messages.map(({ type }) => type);
  }

  /** Codes of what was refused. */
  get codes(): readonly unknown[] {
    return this.emitted.flatMap((event) => ('code' in event ? [event.code] : []));
  }
}

export class Replica extends Site<ReplicaContext> {
  constructor(node: number, input: Partial<ReplicaInput> = {}) {
    super(replicaProtocol, at(node), { jitter: 0, fanout: 0, epoch: 1, peers: [at(1), at(2), at(3)], ...input });
  }

  put(key: string, value: string | null): Said {
    return this.take({ type: 'gossip.put', key, value });
  }

  learn(from: number, ...deltas: readonly Delta[]): Said {
    return this.receive(at(from), { type: 'Delta', deltas } as Message);
  }

  /** Values held of an owner. */
  facts(owner: string): Readonly<Record<string, string>> {
    const life = this.context.lives.get(owner);
    return Object.fromEntries(
      [...(life?.facts ?? [])].flatMap(([key, { value }]) => (value === null ? [] : [[key, value]])).sort(),
    );
  }

  /** Epoch, version and floor of what is held of an owner. */
  version(owner: string): readonly number[] | undefined {
    const life = this.context.lives.get(owner);
    return life && [life.epoch, life.version, life.floor];
  }
}

/** A whole exchange between two replicas, begun by the first: all that they say to each other. Types of messages, in order. */
export function exchange(first: Replica, second: Replica): readonly string[] {
  const types: string[] = [];
  let flying = first.tick().sent.map((each) => ({ ...each, from: first }));
  while (flying.length > 0) {
    const next: typeof flying = [];
    for (const { message, from } of flying) {
      types.push(message.type);
      const to = from === first ? second : first;
      next.push(...to.receive(from.self, message).sent.map((each) => ({ ...each, from: to })));
    }
    flying = next;
  }
  return types;
}

export class RumorSite extends Site<RumorContext> {
  constructor(input: Partial<RumorInput> = {}) {
    super(rumorProtocol, at(1), { peers: [at(1), at(2)], ...input });
  }
}
