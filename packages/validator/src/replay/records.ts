import { type Address, actorOf, nodeOf, type TraceHeader, type TraceRecord } from '@synod/protocol';
import { Mismatch } from '../misfit.ts';
import { nodeOfId, type TransportPromises } from './post.ts';

export type RecordOf<T extends TraceRecord['type']> = Extract<TraceRecord, { type: T }>;

/** Checks that an address stands on the node whose trace tells of it. */
export function checkNode(node: string, address: Address): void {
  if (nodeOf(address) !== node)
    throw new Mismatch('RECORD_ORDER', `A record of ${node} is about ${address}, which is on another node.`);
}

/** Checks that a message's id is one that its sender can have given it. */
export function checkId(id: string, from: Address): void {
  if (nodeOfId(id) !== nodeOf(from))
    throw new Mismatch('MESSAGE_DIFFERS', `Message ${id} is said to be from ${from}, which is on another node.`);
}

/** Whether an address is a node's own, which speaks without being an actor. */
export const isService = (address: Address): boolean =>
  actorOf(address) === 'system' || actorOf(address).startsWith('ask-');

/** The message that a record takes in, whose clock is counted in. */
export function messageOf(record: TraceRecord): { readonly id: string; readonly to: Address | undefined } | undefined {
  if (record.type === 'deliver') return { id: record.id, to: record.to };
  if (record.type === 'receive' && record.id !== undefined) return { id: record.id, to: record.actor };
  if (record.type === 'drop' && record.id !== undefined) return { id: record.id, to: record.to };
  return undefined;
}

/** What a recording says of the network that it was made on. */
export function promisesOf(header: TraceHeader | undefined): TransportPromises {
  const { transport } = (header?.about ?? {}) as { transport?: unknown };
  if (typeof transport !== 'object' || transport === null) return {};
  const { fifo, once, prompt, byReference } = transport as Record<string, unknown>;
  const told = Object.entries({ fifo, once, prompt, byReference });
  return Object.fromEntries(told.filter(([, value]) => typeof value === 'boolean')) as TransportPromises;
}
