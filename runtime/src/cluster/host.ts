import type { Address, Envelope, Message, ServiceRecipe, SynodError } from '@synod/protocol';
import type { EventObject } from 'xstate';
import type { Clock } from '../clock.ts';
import type { Transport } from '../transport/transport.ts';

/** What a cluster needs of the system whose node is its member. */
export interface ClusterHost {
  readonly node: string;
  /** Differs between the lives of this node. */
  readonly life: string;
  readonly clock: Clock;
  readonly transport: Transport | undefined;
  /** Starts an actor of the cluster's own; `emitted` gets what it emits, from the first step on. */
  spawn(recipe: ServiceRecipe, input: object, emitted: (event: EventObject) => void): Promise<void>;
  /** Sends from the node's `system` address. */
  send(to: Address, message: Message): void;
  /** Hands what another node sent to an actor here, if its schemas allow it. */
  deliver(envelope: Envelope): void;
  isAlive(actor: string): boolean;
  /** No actor of that node lives any more. */
  nodeEnded(node: string, reason: string): void;
  note(text: string, code: string): void;
  /** Ends the system, and says why through `closed`. */
  fail(error: SynodError): void;
}
