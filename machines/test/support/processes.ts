import {
  type Address,
  createEngine,
  type Engine,
  type Message,
  type NodeView,
  nodeOf,
  type Protocol,
  received,
  step,
} from '@synod/protocol';
import type { AnyMachineSnapshot, EventObject } from 'xstate';

const engines = new Map<Protocol, Engine>();

const engineOf = (protocol: Protocol): Engine => {
  const engine = engines.get(protocol) ?? createEngine(protocol.machine);
  engines.set(protocol, engine);
  return engine;
};

/** A message on its way. */
export interface Flying {
  readonly from: Address;
  readonly to: Address;
  readonly message: Message;
}

interface Process {
  readonly protocol: Protocol;
  readonly role: string;
  readonly input: object;
  snapshot: AnyMachineSnapshot;
  durable: Record<string, unknown>;
  up: boolean;
  readonly timers: Map<string, EventObject>;
}

/** Actors driven by step() alone: messages and timeouts go as a test says, and a crash leaves what is durable. */
export class Processes {
  readonly #processes = new Map<Address, Process>();
  /** What was sent and not yet delivered, oldest first. */
  flying: Flying[] = [];

  protected add(address: Address, role: string, protocol: Protocol, input: object): void {
    const snapshot = engineOf(protocol).initial({ self: address, seed: 1, ...input }).snapshot as AnyMachineSnapshot;
    const process: Process = { protocol, role, input, snapshot, durable: {}, up: true, timers: new Map() };
    this.#processes.set(address, process);
    this.#begin(address, process, {});
  }

  #begin(address: Address, process: Process, recovered: object): void {
    const { snapshot, effects } = engineOf(process.protocol).initial({
      self: address,
      seed: 1,
      recovered,
      ...process.input,
    });
    process.timers.clear();
    this.#follow(address, process, snapshot as AnyMachineSnapshot, effects);
  }

  #process(address: Address): Process {
    const process = this.#processes.get(address);
    if (!process) throw new Error(`no ${address}`);
    return process;
  }

  #follow(
    address: Address,
    process: Process,
    snapshot: AnyMachineSnapshot,
    effects: ReturnType<Engine['step']>['effects'],
  ): void {
    process.snapshot = snapshot;
    for (const field of process.protocol.durable)
      process.durable[field] = (snapshot.context as Record<string, unknown>)[field];
    for (const effect of effects) {
      if (effect.kind === 'setTimer') process.timers.set(effect.id, effect.event);
      else if (effect.kind === 'cancelTimer') process.timers.delete(effect.id);
      else if (effect.kind === 'send')
        for (const to of effect.to) this.flying.push({ from: address, to, message: effect.message });
    }
  }

  /** An event at a process that is up. */
  take(address: Address, event: EventObject): void {
    const process = this.#process(address);
    if (!process.up) return;
    const { snapshot, effects } = step(engineOf(process.protocol), process.snapshot, event);
    this.#follow(address, process, snapshot as AnyMachineSnapshot, effects);
  }

  request(address: Address, type: string): void {
    this.take(address, { type, at: 0 } as EventObject);
  }

  receive(from: Address, to: Address, message: Message): void {
    this.take(to, received(message, from, 0));
  }

  /** Delivers what is on its way, and what comes of it, as far as `wanted` says. */
  settle(wanted: (flying: Flying) => boolean = () => true): void {
    for (let at = this.flying.findIndex(wanted); at >= 0; at = this.flying.findIndex(wanted)) {
      const [{ from, to, message }] = this.flying.splice(at, 1) as [Flying];
      this.receive(from, to, message);
    }
  }

  /** The only armed timer of that delay ends. */
  timeout(address: Address, delay: string): void {
    const process = this.#process(address);
    const found = [...process.timers].filter(([id]) => id.startsWith(`xstate.after.${delay}.`));
    if (found.length !== 1) throw new Error(`${found.length} timers ${delay} at ${address}`);
    const [id, event] = found[0] as [string, EventObject];
    process.timers.delete(id);
    this.take(address, event);
  }

  crash(address: Address): void {
    this.#process(address).up = false;
  }

  restart(address: Address): void {
    const process = this.#process(address);
    process.up = true;
    this.#begin(address, process, { ...process.durable });
  }

  /** State values by address, written as `wait.following`. */
  get states(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#processes].map(([address, { snapshot }]) => [address, told(snapshot.value)]));
  }

  get views(): readonly NodeView[] {
    return [...this.#processes].map(([actor, { role, up, snapshot }]) => ({
      node: nodeOf(actor),
      actor,
      role,
      up,
      value: snapshot.value,
      context: snapshot.context,
    }));
  }
}

const told = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Object.entries(value as object)
        .map(([key, inner]) => `${key}.${told(inner)}`)
        .join();
