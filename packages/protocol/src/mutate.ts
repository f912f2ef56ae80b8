import type { AnyStateMachine } from 'xstate';
import type { Protocol } from './protocol.ts';

/** A mistake in guards, actions or delays of a protocol's machine: these in the place of its own. */
export const providing =
  (implementations: Parameters<AnyStateMachine['provide']>[0]) =>
  (protocol: Protocol): Protocol => ({ ...protocol, machine: protocol.machine.provide(implementations) });

/** A mistake in what survives a crash: these fields do not. */
export const forgetting =
  (...fields: readonly string[]) =>
  (protocol: Protocol): Protocol => ({
    ...protocol,
    durable: protocol.durable.filter((field) => !fields.includes(field)),
  });
