import {
  type Address,
  decodeTrace,
  describeError,
  isName,
  nodeOf,
  SynodError,
  type TraceHeader,
} from '@synod/protocol';
import type { RawData, WebSocket } from 'ws';
import type { EventObject } from 'xstate';
import { ACCEPTS_EVENTS, eventFrame } from '../apps/back-channel.ts';
import type { Hub } from './hub.ts';

/** Close codes of the inspector, each with a coded error as its reason. */
const CLOSE = { invalid: 4400, replaced: 4409 } as const;

/** Takes the traces of processes: one connection a node, a header first, then lines. */
export class Publishers {
  readonly #hub: Hub;
  readonly #sockets = new Map<string, WebSocket>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  accept(socket: WebSocket): void {
    let node: string | undefined;
    let about: Readonly<Record<string, unknown>> = {};
    socket.on('message', (data: RawData, isBinary: boolean) => {
      try {
        if (isBinary) throw new SynodError('TRACE_INVALID', 'A trace travels as text frames.');
        for (const line of data.toString().split('\n')) {
          if (line === '') continue;
          const record = decodeTrace(line);
          if (record.type === 'header') {
            node = this.#open(record, node, socket);
            about = record.about;
            this.#hub.node(node, true, about);
          } else if (record.node === node) this.#hub.record(record);
          else
            throw new SynodError(
              'TRACE_INVALID',
              `A record of node ${record.node} came where ${node ?? 'a header'} was expected.`,
            );
        }
      } catch (error) {
        this.#refuse(socket, node, error);
      }
    });
    socket.on('close', () => {
      if (node === undefined || this.#sockets.get(node) !== socket) return;
      this.#sockets.delete(node);
      this.#hub.node(node, false, about);
    });
  }

  /** Sends an event to an actor whose app takes events from here; false where it takes none. */
  deliver(actor: Address, event: EventObject): boolean {
    const node = nodeOf(actor);
    const socket = this.#sockets.get(node);
    if (!socket || this.#hub.world[node]?.about[ACCEPTS_EVENTS] !== true) return false;
    socket.send(eventFrame(actor, event));
    return true;
  }

  #open({ about }: TraceHeader, already: string | undefined, socket: WebSocket): string {
    const { node } = about;
    if (typeof node !== 'string' || !isName(node))
      throw new SynodError('TRACE_INVALID', 'The header of a published trace names its node.');
    if (already !== undefined) throw new SynodError('TRACE_INVALID', 'A trace has one header.');
    this.#sockets.get(node)?.close(CLOSE.replaced, 'PUBLISHER_REPLACED: another process publishes as this node.');
    this.#sockets.set(node, socket);
    return node;
  }

  #refuse(socket: WebSocket, node: string | undefined, error: unknown): void {
    const text = describeError(error);
    if (node !== undefined) {
      const note = { type: 'note', code: error instanceof SynodError ? error.code : 'TRACE_INVALID', text } as const;
      this.#hub.record({ seq: 0, at: 0, node, clock: {}, ...note });
    }
    // A reason may have 123 bytes at most.
    socket.close(CLOSE.invalid, Buffer.from(text).subarray(0, 120).toString().replace(/�$/, ''));
  }
}
