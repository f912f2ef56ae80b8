import type * as v from 'valibot';

/**
 * What a replicated log drives (Raft §2; *Paxos Made Simple* §3): a deterministic machine that every server drives with the same commands in the
 * same order. `apply` is pure, and shares structure between states, since each applied command makes a new one.
 */
export interface StateMachine<State = unknown, Command = unknown, Response = unknown> {
  readonly initial: State;
  /** The state after `command` at `index` of the log, and what its client is told. Never throws: a refusal is a response. */
  apply(state: State, command: Command, index: number): readonly [State, Response];
  /** Refuses what is no command, before it comes near the log. */
  readonly command: v.GenericSchema<unknown, Command>;
  /** About how many bytes a command takes on the wire: bounds what one message carries. */
  bytes(command: Command): number;
}
