import { readFileSync } from 'node:fs';
import {
  type Address,
  type Effect,
  type Member,
  type Message,
  type Request,
  type Roles,
  received,
  type Specification,
} from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventObject } from 'xstate';
import { type Both, Lockstep } from './lockstep.ts';

const machines = new URL('../../../machines/', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('package.json', machines), 'utf8')) as {
  readonly exports: Readonly<Record<string, unknown>>;
};

const specifications = await Promise.all(
  Object.keys(exports).map(async (folder) => {
    const url = new URL(`src/${folder.slice(2)}/index.ts`, machines).href;
    const { specification }: { readonly specification: Specification } = await import(url);
    return specification;
  }),
);

interface Configuration {
  readonly members: readonly Member[];
  readonly requests?: readonly Request[];
}

/** Every cluster that models and simulations speak of, in its usual size. */
const clusters = specifications.flatMap(({ name, roles, models, simulations }) => [
  ...models.map((model) => [`${name}, model ${model.name}`, roles, model.configure(model.nodes.default)] as const),
  ...simulations.map((simulation) => {
    const configuration: Configuration = simulation.configure({
      nodes: simulation.nodes.default,
      clients: simulation.clients.default,
    });
    return [`${name}, simulation ${simulation.name}`, roles, configuration] as const;
  }),
]);

/** What may happen next: the draw says which of it does. */
interface Pending {
  readonly to: Address;
  readonly event: EventObject;
  /** The timer that it is the end of. */
  readonly timer?: string;
}

/** A cluster in which anything may happen at any time, run by both engines at once. */
class Cluster {
  readonly #members: ReadonlyMap<Address, Member>;
  readonly #lockstepOf: (role: string) => Lockstep;
  readonly #states = new Map<Address, Both>();
  readonly #durable: (role: string) => readonly string[];
  #pending: Pending[] = [];
  steps = 0;

  constructor({ members, requests = [] }: Configuration, roles: Roles, lockstepOf: (role: string) => Lockstep) {
    this.#members = new Map(members.map((member) => [member.address, member]));
    this.#lockstepOf = lockstepOf;
    this.#durable = (role) => roles[role]?.durable ?? [];
    for (const { address } of members) this.#start(address, undefined);
    for (const { to, event, from } of requests) {
      this.#pending.push({ to, event: from ? received(event, from, 0) : ({ ...event, at: 0 } as EventObject) });
    }
  }

  /** One thing happens: mostly what waits is taken up, at times it is repeated, and now and then a member starts anew. */
  happen(draw: number): void {
    if (draw % 31 === 30) {
      const addresses = [...this.#members.keys()];
      return this.#restart(addresses[draw % addresses.length] as Address);
    }
    const at = (draw >> 5) % Math.max(1, this.#pending.length);
    const next = this.#pending[at];
    if (!next) return;
    if (draw % 7 !== 0) this.#pending.splice(at, 1);
    const before = this.#states.get(next.to);
    if (!before) return;
    const after = this.#lockstep(next.to).step(before, { ...next.event, at: this.steps } as EventObject);
    this.steps++;
    if (!after) return;
    this.#states.set(next.to, after);
    this.#conclude(next.to, after.effects);
  }

  #lockstep = (address: Address) => this.#lockstepOf((this.#members.get(address) as Member).role);

  #restart(address: Address): void {
    const member = this.#members.get(address) as Member;
    const context = this.#states.get(address)?.compiled.context as Readonly<Record<string, unknown>> | undefined;
    this.#pending = this.#pending.filter(({ to, timer }) => to !== address || timer === undefined);
    this.#start(
      address,
      context && Object.fromEntries(this.#durable(member.role).map((field) => [field, context[field]])),
    );
  }

  #start(address: Address, recovered: object | undefined): void {
    const { input } = this.#members.get(address) as Member;
    const first = this.#lockstep(address).initial({
      self: address,
      seed: 7,
      ...(recovered && { recovered }),
      ...input,
    });
    expect(first, `${address} starts`).toBeDefined();
    if (!first) return;
    this.#states.set(address, first);
    this.#conclude(address, first.effects);
  }

  #conclude(from: Address, effects: readonly Effect[]): void {
    const disarm = (id: string) => {
      this.#pending = this.#pending.filter(({ to, timer }) => to !== from || timer !== id);
    };
    for (const effect of effects) {
      if (effect.kind === 'cancelTimer') disarm(effect.id);
      else if (effect.kind === 'setTimer') {
        disarm(effect.id);
        this.#pending.push({ to: from, event: effect.event, timer: effect.id });
      } else if (effect.kind === 'send') {
        for (const to of effect.to) this.#post(from, to, effect.message);
      }
    }
  }

  #post(from: Address, to: Address, message: Message): void {
    // What is not taken up for long is lost.
    if (this.#members.has(to)) this.#pending = [...this.#pending.slice(-60), { to, event: received(message, from, 0) }];
  }
}

describe('every protocol takes the same steps compiled and interpreted', () => {
  it.each(clusters)('%s', (_, roles, configuration) => {
    const locksteps = new Map<string, Lockstep>();
    const lockstepOf = (role: string): Lockstep => {
      let lockstep = locksteps.get(role);
      if (!lockstep) {
        const protocol = roles[role];
        if (!protocol) throw new Error(`no role ${role}`);
        lockstep = new Lockstep(protocol.machine);
        locksteps.set(role, lockstep);
      }
      return lockstep;
    };
    let steps = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 20, maxLength: 120 }), (draws) => {
        const cluster = new Cluster(configuration, roles, lockstepOf);
        for (const draw of draws) cluster.happen(draw);
        steps += cluster.steps;
      }),
      { numRuns: 8 },
    );
    expect(steps).toBeGreaterThan(20);
  });
});
