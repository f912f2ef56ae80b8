import type { Envelope, GuardOutcome, TraceRecord, TransitionRef } from '@synod/protocol';
import { Recorder } from '@synod/trace';
import type { AnyMachineSnapshot } from 'xstate';
import type { Action, Path } from './search/path.ts';
import { type PropertyTrack, tracksOf } from './tracks.ts';
import { inWords } from './words.ts';
import type { Actor, ActorState, Outcome } from './world/actor.ts';
import { ALL } from './world/expansion.ts';
import type { Row, World } from './world/world.ts';

/** One step of a counterexample, in words. */
export interface CounterexampleStep {
  readonly action: string;
  readonly node: string;
  readonly text: string;
}

/** A run that shows what a verdict says. */
export interface Counterexample {
  readonly steps: readonly CounterexampleStep[];
  /** The same as a trace, for diagrams and the inspector. Its milliseconds count steps. */
  readonly trace: readonly TraceRecord[];
  /** Of a run that never ends: the index of the step with which the part begins that is repeated for ever. */
  readonly cycleFrom?: number;
  /** What each property says of each world of the run. */
  readonly tracks: readonly PropertyTrack[];
}

/** Tells a path as a trace: sends and deliveries become envelopes again. */
export function tell(world: World, path: Path, cycleFrom: number | undefined): Counterexample {
  return new Telling(world, path).tell(cycleFrom);
}

class Telling {
  readonly #world: World;
  readonly #path: Path;
  readonly #records: TraceRecord[] = [];
  readonly #recorder = new Recorder((record) => this.#records.push(record));
  /** Envelopes on their way, by receiver and event. */
  readonly #flying = new Map<string, Envelope[]>();
  #at = 0;

  constructor(world: World, path: Path) {
    this.#world = world;
    this.#path = path;
  }

  tell(cycleFrom: number | undefined): Counterexample {
    for (const [index, actor] of this.#world.actors.entries()) {
      const state = actor.state(this.#path.rows[0]?.[index] as number);
      this.#recorder.spawn(0, actor.address, actor.protocol, state.snapshot as AnyMachineSnapshot, false);
    }
    for (const [index, actor] of this.#world.actors.entries()) this.#send(index, actor.start(), ALL);
    const steps = this.#path.actions.map((action, index) => {
      this.#at = index + 1;
      const [before, after] = [this.#path.rows[index] as Row, this.#path.rows[index + 1] as Row];
      this.#step(action, before, after);
      return inWords(this.#world, action);
    });
    const tracks = tracksOf(this.#world, this.#path);
    return { steps, trace: this.#records, ...(cycleFrom !== undefined && { cycleFrom }), tracks };
  }

  #step(action: Action, before: Row, after: Row): void {
    const { kind, actor: index, event: number } = action;
    const actor = this.#world.actors[index] as Actor;
    switch (kind) {
      case 'crash':
        return this.#crash(actor.node);
      case 'restart':
        return this.#restart(actor.node, after);
      case 'heal':
      case 'partition':
        return this.#recorder.record(this.#at, this.#world.nodes[0] as string, {
          type: 'note',
          text: inWords(this.#world, action).text,
        });
      case 'drop':
      case 'lose':
        return this.#lose(actor, number, kind === 'drop' ? 'fault' : 'unreachable');
      default:
        return this.#take(action, actor, before);
    }
  }

  #take({ kind, actor: index, event: number, sent, outcome }: Action, actor: Actor, before: Row): void {
    const { event, message } = actor.event(number);
    const state = actor.state(before[index] as number);
    const envelope = message ? this.#arrives(actor, number, kind !== 'duplicate') : undefined;
    if (!message && state.timers.some((timer) => timer.event === number))
      this.#recorder.record(this.#at, actor.node, { type: 'timer.fired', actor: actor.address, id: event.type });
    if (!outcome) return;
    if (outcome.failure !== undefined) {
      this.#recorder.record(this.#at, actor.node, { type: 'receive', actor: actor.address, event });
      this.#recorder.record(this.#at, actor.node, { type: 'crash', actor: actor.address, reason: outcome.failure });
      return;
    }
    this.#transition(actor, state, number, outcome, envelope);
    this.#send(index, outcome, kind === 'cutShort' ? sent : ALL);
    if (kind === 'cutShort') this.#crash(actor.node);
  }

  #transition(actor: Actor, state: ActorState, event: number, outcome: Outcome, envelope: Envelope | undefined): void {
    const transitions: TransitionRef[] = [];
    const guards: GuardOutcome[] = [];
    const after = actor.retake(
      state,
      event,
      (_, refs) => transitions.push(...refs),
      (outcome) => guards.push(outcome),
    );
    const before = state.snapshot as AnyMachineSnapshot;
    const taken = { event: actor.event(event).event, ...(envelope && { envelope }) };
    const seen = actor.state(outcome.next).snapshot ?? after;
    this.#recorder.step(this.#at, actor.address, taken, before, seen, transitions, guards);
  }

  #send(index: number, outcome: Outcome, which: number): void {
    const actor = this.#world.actors[index] as Actor;
    let count = 0;
    for (const { to, message } of outcome.sends) {
      const receiver = this.#world.index(to);
      if (receiver !== undefined && ((which >> count++) & 1) === 0) continue;
      const envelope = this.#recorder.send(this.#at, actor.address, to, message);
      if (receiver === undefined) continue;
      const event = (this.#world.actors[receiver] as Actor).message(actor.address, message);
      const key = `${receiver}:${event}`;
      this.#flying.set(key, [...(this.#flying.get(key) ?? []), envelope]);
    }
  }

  #arrives(actor: Actor, event: number, taken: boolean): Envelope | undefined {
    const envelope = this.#fly(actor, event, taken && this.#world.configuration.network?.order !== 'duplicating');
    if (envelope) this.#recorder.deliver(this.#at, envelope);
    return envelope;
  }

  #fly(actor: Actor, event: number, taken: boolean): Envelope | undefined {
    const key = `${this.#world.index(actor.address)}:${event}`;
    const [first, ...rest] = this.#flying.get(key) ?? [];
    if (taken) this.#flying.set(key, rest);
    return first;
  }

  #lose(actor: Actor, event: number, reason: 'fault' | 'unreachable'): void {
    const envelope = this.#fly(actor, event, true);
    if (envelope) this.#recorder.drop(this.#at, envelope, reason);
  }

  #crash(node: string): void {
    this.#recorder.record(this.#at, node, { type: 'crash', reason: 'fault' });
  }

  #restart(node: string, after: Row): void {
    for (const [index, actor] of this.#world.actors.entries()) {
      if (actor.node !== node) continue;
      const state = actor.state(after[index] as number);
      this.#recorder.record(this.#at, node, { type: 'restart', actor: actor.address, attempt: 1 });
      if (state.snapshot) this.#recorder.spawn(this.#at, actor.address, actor.protocol, state.snapshot, true);
      this.#send(index, actor.start(state.durable), ALL);
    }
  }
}
