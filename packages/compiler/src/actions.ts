import type { AnyStateMachine } from 'xstate';
import { ENQUEUED, resolve, spawnOf } from './actors.ts';
import { assign, cancel, emit, execute, log, type RaiseOptions, raise } from './builtins.ts';
import { type Frame, guardArgsOf, type Spawn } from './frame.ts';
import { compileGuard, type Guard } from './guards.ts';
import type { Action, Instruction } from './instruction.ts';
import { type ActionSource, type Code, type GuardSource, type Implementations, implementationsOf } from './nodes.ts';
import { unsupported } from './unsupported.ts';

/** Performs actions one after another, each seeing what those before it did. */
export function perform(frame: Frame, instructions: readonly Instruction[]): void {
  for (let at = 0; at < instructions.length; at++) {
    const { action, params, computeParams } = instructions[at] as Instruction;
    action(frame, computeParams ? computeParams(guardArgsOf(frame)) : params);
  }
}

type Queued = (frame: Frame) => void;

/** The actions of one machine. Those that have to do with other actors are taken where it runs in a live actor, and else refused. */
export class Actions {
  readonly #machineId: string;
  readonly #isLive: boolean;
  readonly #implementations: Implementations;
  readonly #guards = new Map<string, Guard>();
  readonly #named = new Map<string, Instruction>();
  readonly #enqueue = this.#createEnqueue();
  #queued: Queued[] | undefined;

  constructor(machine: AnyStateMachine, isLive: boolean) {
    this.#machineId = machine.id;
    this.#isLive = isLive;
    this.#implementations = implementationsOf(machine);
  }

  /** @throws SynodError `COMPILE_UNSUPPORTED` for an action that needs other actors. `place` says where it stands. */
  compile(source: ActionSource, place: string): Instruction {
    if (typeof source === 'function') return { action: this.#action(source, source, place), params: undefined };
    const name = typeof source === 'string' ? source : source.type;
    const action = this.#action(source, this.#implementations.actions[name], place);
    const params = typeof source === 'string' ? undefined : source.params;
    return typeof params === 'function'
      ? { action, params: undefined, computeParams: params as (args: object) => unknown }
      : { action, params };
  }

  #action(source: ActionSource, code: Code | undefined, place: string): Action {
    const id = this.#machineId;
    if (!code || !('resolve' in code)) {
      const type =
        typeof source === 'string'
          ? source
          : typeof source === 'object'
            ? source.type
            : (source as { name?: string }).name || '(anonymous)';
      return (frame, params) => execute(id, frame, type, params, code);
    }
    const { assignment, event, sendId, collect, type } = code;
    switch (type) {
      case 'xstate.assign':
        return (frame, params) => assign(frame, assignment, params, this.spawn(frame));
      case 'xstate.emit':
        return (frame, params) => emit(frame, event, params);
      case 'xstate.raise':
        return (frame, params) => this.#raise(frame, event, code, params);
      case 'xstate.cancel':
        return (frame, params) => cancel(frame, sendId, params);
      case 'xstate.enqueueActions':
        return (frame, params) => this.#collect(frame, collect as NonNullable<Code['collect']>, params);
      case 'xstate.log':
        return (frame, params) => log(id, frame, code, params);
      default:
        if (this.#isLive) return (frame, params) => this.#perform(frame, resolve(frame, code, params));
        throw unsupported(id, type?.replace('xstate.', '') ?? 'an action that resolves itself', place);
    }
  }

  #raise(frame: Frame, event: unknown, options: RaiseOptions, params: unknown): void {
    raise(this.#machineId, this.#implementations.delays, frame, event, options, params);
  }

  /** What an `assign()`, or the context, is given to spawn with. */
  spawn(frame: Frame, place = 'an assign()'): Spawn {
    if (this.#isLive) return spawnOf(frame);
    return () => {
      throw unsupported(this.#machineId, 'spawn', place);
    };
  }

  #perform(frame: Frame, sources: readonly ActionSource[]): void {
    for (const source of sources) perform(frame, [this.#dynamic(source)]);
  }

  /** Runs the function given to `enqueueActions`, and then what it enqueued. */
  #collect(frame: Frame, collect: NonNullable<Code['collect']>, params: unknown): void {
    const { context, event, self, system } = frame;
    const outer = this.#queued;
    const queued: Queued[] = [];
    this.#queued = queued;
    try {
      const check = (guard: NonNullable<GuardSource>) => this.#guard(guard)({ context, event }, frame);
      collect({ context, event, enqueue: this.#enqueue, check, self, system } as object, params);
    } finally {
      this.#queued = outer;
    }
    for (let at = 0; at < queued.length; at++) (queued[at] as Queued)(frame);
  }

  #guard(source: NonNullable<GuardSource>): Guard {
    if (typeof source !== 'string') return compileGuard(source, this.#implementations);
    let guard = this.#guards.get(source);
    if (!guard) {
      guard = compileGuard(source, this.#implementations);
      this.#guards.set(source, guard);
    }
    return guard;
  }

  #dynamic(source: ActionSource): Instruction {
    if (typeof source !== 'string') return this.compile(source, 'an enqueueActions()');
    let instruction = this.#named.get(source);
    if (!instruction) {
      instruction = this.compile(source, 'an enqueueActions()');
      this.#named.set(source, instruction);
    }
    return instruction;
  }

  /** One `enqueue` for all steps: XState makes one, with its eight methods, for each action that enqueues. */
  #createEnqueue() {
    const push = (queued: Queued) => void this.#queued?.push(queued);
    const other =
      (construct: keyof typeof ENQUEUED) =>
      (...args: unknown[]): void => {
        if (!this.#isLive) throw unsupported(this.#machineId, construct, 'an enqueueActions()');
        const code = ENQUEUED[construct](...args);
        push((frame) => this.#perform(frame, resolve(frame, code, undefined)));
      };
    return Object.assign(
      (source: ActionSource) => {
        const instruction = this.#dynamic(source);
        push((frame) => perform(frame, [instruction]));
      },
      {
        assign: (assignment: unknown) => push((frame) => assign(frame, assignment, undefined, this.spawn(frame))),
        emit: (event: unknown) => push((frame) => emit(frame, event, undefined)),
        raise: (event: unknown, options: RaiseOptions = {}) =>
          push((frame) => this.#raise(frame, event, options, undefined)),
        cancel: (sendId: unknown) => push((frame) => cancel(frame, sendId, undefined)),
        sendTo: other('sendTo'),
        sendParent: other('sendParent'),
        spawnChild: other('spawnChild'),
        stopChild: other('stopChild'),
      },
    );
  }
}
