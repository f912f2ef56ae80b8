import { traceHeader } from '@synod/protocol';
import { WebSocket } from 'ws';
import { WAITS } from '../apps/back-channel.ts';
import { type Publisher, publish, type Traced } from './connection.ts';
import type { Wire } from './stream.ts';

export type { Publisher, Traced } from './connection.ts';

export interface PublishOptions {
  /** The inspector's `publishUrl`. */
  readonly url: string;
  /** The inspector's `publisherToken`. */
  readonly token: string;
  /** The node whose trace it is. */
  readonly node: string;
  /** Facts for the page: process id, cluster. */
  readonly about?: Readonly<Record<string, unknown>>;
  readonly trace$: Traced;
}

/**
 * Publishes a trace to an inspector. Subscribes only while somebody looks on there, so that a system nobody watches makes no records;
 * a slow inspector loses records (a note says how many) and never holds the system up.
 */
export function publishTrace({ url, token, node, about = {}, trace$ }: PublishOptions): Publisher {
  const headers = { authorization: `Bearer ${token}` };
  return publish({
    connect: () => new WebSocket(url, { headers, perMessageDeflate: false }) as unknown as Wire,
    header: traceHeader({ ...about, node, [WAITS]: true }),
    trace$,
    waits: true,
  });
}
