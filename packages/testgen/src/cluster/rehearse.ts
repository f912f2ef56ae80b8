import type { RunStep } from '@synod/checker';
import { type Address, canonical, type Message, nodeOf, received } from '@synod/protocol';
import type { EventObject } from 'xstate';
import type { ClusterAction, ClusterExpectation, ClusterStart, ClusterStep, Sent } from './case.ts';
import { type Cluster, holding, nameOfTimer, roleOf } from './cluster.ts';
import { changes, type Played, RehearsedActor } from './rehearsed-actor.ts';
import { coveredBy, sometimesId } from './targets.ts';

/** A run as a script, as far as it could be repeated. */
export interface Rehearsed {
  readonly start: readonly ClusterStart[];
  readonly steps: readonly ClusterStep[];
  /** By step, the targets that it covers; the first entry is the start's. */
  readonly covers: readonly (readonly string[])[];
  /** How many steps of the run are in it. */
  readonly repeated: number;
}

interface Flying {
  readonly id: number;
  readonly from: Address;
  readonly to: Address;
  readonly key: string;
  readonly message: Message;
  isTaken: boolean;
}

/**
 * Plays a run with the machines alone, in virtual time that stands still, and notes all that can be seen of it. It is the same whether the
 * model ignores some fields or not: what cannot be repeated because of such a field ends the script there.
 */
export function rehearse(cluster: Cluster, run: readonly RunStep[]): Rehearsed {
  return new Rehearsal(cluster).play(run);
}

class Rehearsal {
  readonly #cluster: Cluster;
  readonly #actors: Map<Address, RehearsedActor>;
  readonly #flying: Flying[] = [];
  readonly #start: ClusterStart[] = [];
  readonly #steps: ClusterStep[] = [];
  readonly #covers: string[][] = [];
  #held: readonly string[] = [];

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    const { members } = cluster.configuration;
    this.#actors = new Map(
      members.map((member) => [member.address, new RehearsedActor(member, roleOf(cluster, member))]),
    );
  }

  play(run: readonly RunStep[]): Rehearsed {
    this.#begin();
    let repeated = 0;
    for (const step of run) {
      if (!this.#step(step)) break;
      repeated++;
    }
    return { start: this.#start, steps: this.#steps, covers: this.#covers, repeated };
  }

  #begin(): void {
    const covers: string[] = [];
    for (const [at, actor] of this.#actors) {
      const played = actor.start();
      covers.push(...coveredBy(played.step, actor.protocol));
      this.#start.push({ at, state: actor.snapshot.value, ...this.#said(actor, played) });
    }
    this.#held = holding(this.#cluster, this.#views());
    this.#covers.push([...covers, ...this.#held.map(sometimesId)]);
  }

  #views() {
    return [...this.#actors.values()].map((actor) => actor.view);
  }

  /** Takes one step; false when it is not possible here. */
  #step(step: RunStep): boolean {
    switch (step.kind) {
      case 'partition':
      case 'heal':
        return true;
      case 'crash':
        return this.#crash(step.node);
      case 'restart':
        return this.#restart(step.node);
      case 'drop':
      case 'lose':
        return this.#drop(step);
      default:
        return this.#taken(step);
    }
  }

  #taken(step: RunStep): boolean {
    const actor = step.actor && this.#actors.get(step.actor);
    if (!actor) return false;
    // What comes to an actor that has ended is lost.
    if (!actor.takesEvents) return step.message !== undefined && this.#drop(step);
    const given = this.#stimulus(step, actor);
    if (!given) return false;
    const before = actor.snapshot;
    const played = actor.take(given.event);
    const { ignored } = this.#cluster.configuration;
    const context = changes(before.context as object as Fields, actor.snapshot.context as object as Fields, ignored);
    const isMoved = canonical(before.value) !== canonical(actor.snapshot.value);
    const unsent = this.#flying.length;
    const said = this.#said(actor, played);
    this.#note(
      given.action,
      {
        ...(isMoved && { state: actor.snapshot.value }),
        ...(Object.keys(context).length > 0 && { context }),
        ...said,
      },
      coveredBy(played.step, actor.protocol),
    );
    if (step.kind === 'cutShort') this.#cutShort(actor, unsent, step.sent ?? 0);
    return true;
  }

  #stimulus(step: RunStep, actor: RehearsedActor): { action: ClusterAction; event: EventObject } | undefined {
    const { message, from, timer, event } = step;
    if (message && from) {
      const flying = this.#find(step);
      if (!flying) return undefined;
      if (step.kind !== 'duplicate') flying.isTaken = true;
      return { action: { deliver: flying.id }, event: received(message, from, 0) };
    }
    const at = actor.address;
    if (timer !== undefined) {
      const due = actor.timers.get(timer);
      if (!due) return undefined;
      const fire = nameOfTimer(timer, actor.timers.keys());
      actor.timers.delete(timer);
      return { action: { fire, at }, event: { ...due, at: 0 } as EventObject };
    }
    const { at: _, from: __, ...request } = event as EventObject & { readonly at?: number; readonly from?: Address };
    const asked = { request, at, ...(from && { from }) };
    return { action: asked, event: received(request, from ?? `system@${nodeOf(at)}`, 0) };
  }

  /** The message on its way that a step speaks of: the oldest of its kind, or where a network repeats itself one that arrived before. */
  #find({ actor, from, message }: RunStep): Flying | undefined {
    const key = canonical(message);
    const alike = this.#flying.filter((each) => each.to === actor && each.from === from && each.key === key);
    const repeats = this.#cluster.configuration.network?.order === 'duplicating';
    return alike.find(({ isTaken }) => !isTaken) ?? (repeats ? alike[0] : undefined);
  }

  #drop(step: RunStep): boolean {
    const flying = this.#find(step);
    if (!flying) return false;
    this.#lose(flying);
    return true;
  }

  #lose(flying: Flying): void {
    flying.isTaken = true;
    this.#note({ drop: flying.id }, {}, []);
  }

  /** Only some of the messages of the last step were out when its node crashed. */
  #cutShort(actor: RehearsedActor, first: number, sent: number): void {
    for (const [place, flying] of this.#flying.slice(first).entries())
      if (((sent >> place) & 1) === 0) this.#lose(flying);
    this.#crash(nodeOf(actor.address));
  }

  #crash(node: string): boolean {
    const those = this.#on(node).filter(({ up }) => up);
    if (those.length === 0) return false;
    for (const actor of those) actor.crash();
    this.#note({ crash: node }, {}, []);
    return true;
  }

  #restart(node: string): boolean {
    const [actor] = this.#on(node);
    if (!actor || actor.up) return false;
    const played = actor.restart();
    const context = changes(
      actor.first,
      actor.snapshot.context as object as Fields,
      this.#cluster.configuration.ignored,
    );
    this.#note(
      { restart: node },
      {
        state: actor.snapshot.value,
        ...(Object.keys(context).length > 0 && { context }),
        ...this.#said(actor, played),
      },
      coveredBy(played.step, actor.protocol),
    );
    return true;
  }

  #on(node: string): readonly RehearsedActor[] {
    return [...this.#actors.values()].filter(({ address }) => nodeOf(address) === node);
  }

  /** What a step lets out; what goes to members is on its way from now on. */
  #said(actor: RehearsedActor, { effects }: Played): Pick<ClusterExpectation, 'sends' | 'emits'> {
    const sends: Sent[] = [];
    for (const effect of effects) {
      if (effect.kind !== 'send') continue;
      for (const to of effect.to) sends.push(this.#send(actor.address, to, effect.message));
    }
    const emits = effects.flatMap((effect) => (effect.kind === 'emit' ? [effect.event] : []));
    return { ...(sends.length > 0 && { sends }), ...(emits.length > 0 && { emits }) };
  }

  #send(from: Address, to: Address, message: Message): Sent {
    if (!this.#actors.has(to)) return { to, message };
    const id = this.#flying.length + 1;
    this.#flying.push({ id, from, to, message, key: canonical(message), isTaken: false });
    return { id, to, message };
  }

  #note(action: ClusterAction, expectation: ClusterExpectation, covers: readonly string[]): void {
    const now = holding(this.#cluster, this.#views());
    const holds = now.filter((name) => !this.#held.includes(name));
    this.#held = now;
    this.#steps.push({ ...action, ...expectation, ...(holds.length > 0 && { holds }) });
    this.#covers.push([...covers, ...holds.map(sometimesId)]);
  }
}

type Fields = Readonly<Record<string, unknown>>;
