import {
  type Address,
  assert,
  decodeTrace,
  describeError,
  isName,
  isSynodError,
  nodeOf,
  SynodError,
  type TraceHeader,
  type TraceRecord,
} from '@synod/protocol';
import type { RawData, WebSocket } from 'ws';
import type { EventObject } from 'xstate';
import { ACCEPTS_EVENTS, eventFrame, WAITS, watchFrame } from '../apps/back-channel.ts';
import { LineError, skimLine } from '../world/read.ts';
import type { Hub } from './hub.ts';

/** Close codes of the inspector, each with a coded error as its reason. */
const CLOSE = { invalid: 4400, taken: 4409 } as const;

/** A connection that publishes. */
interface Seat {
  readonly socket: WebSocket;
  /** An app of somebody's, and no process of a cluster: it takes nobody's place. */
  readonly isApp: boolean;
  /** Whether it tells nothing while nobody looks on. */
  waits: boolean;
}

/** Takes the traces of processes: one connection a node, a header first, then lines. */
export class Publishers {
  readonly #hub: Hub;
  readonly #seats = new Map<string, Seat>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  accept(socket: WebSocket, isApp: boolean): void {
    const seat: Seat = { socket, isApp, waits: false };
    let node: string | undefined;
    let about: Readonly<Record<string, unknown>> = {};
    socket.on('message', (data: RawData, isBinary: boolean) => {
      try {
        if (isBinary) throw new SynodError('TRACE_INVALID', 'A trace travels as text frames.');
        const [records, lines]: [TraceRecord[], string[]] = [[], []];
        try {
          for (const line of data.toString().split('\n')) {
            if (line === '') continue;
            const record = recordIn(line);
            if (!record) {
              const header = headerIn(line);
              node = this.#open(header, node, seat);
              about = header.about;
              this.#hub.node(node, true, about);
              continue;
            }
            if (record.node !== node) throw misplaced(record.node, node);
            records.push(record);
            lines.push(line);
          }
        } finally {
          this.#hub.records(records, lines);
        }
      } catch (error) {
        this.#refuse(socket, node, error);
      }
    });
    socket.on('close', () => {
      if (node === undefined || this.#seats.get(node) !== seat) return;
      this.#seats.delete(node);
      this.#hub.node(node, false, about);
    });
  }

  /** Tells those who wait for that whether somebody looks on. */
  watched(isWatched: boolean): void {
    for (const { socket, waits } of this.#seats.values()) if (waits) socket.send(watchFrame(isWatched));
  }

  /** Sends an event to an actor whose app takes events from here; false where it takes none. */
  deliver(actor: Address, event: EventObject): boolean {
    const node = nodeOf(actor);
    const { socket } = this.#seats.get(node) ?? {};
    if (!socket || this.#hub.world[node]?.about[ACCEPTS_EVENTS] !== true) return false;
    socket.send(eventFrame(actor, event));
    return true;
  }

  #open({ about }: TraceHeader, already: string | undefined, seat: Seat): string {
    const { node } = about;
    if (typeof node !== 'string' || !isName(node))
      throw new SynodError('TRACE_INVALID', 'The header of a published trace names its node.');
    // Who begins to tell anew, since somebody looks on again, says so with its header.
    if (already === node && seat.waits) return node;
    if (already !== undefined) throw new SynodError('TRACE_INVALID', 'A trace has one header.');
    if (seat.isApp && this.#hub.world[node]?.up) {
      const taken = new SynodError('NODE_TAKEN', `There is a "${node}" already; give this app another name.`);
      this.#note(node, taken);
      throw taken;
    }
    this.#seats.get(node)?.socket.close(CLOSE.taken, 'PUBLISHER_REPLACED: another process publishes as this node.');
    this.#seats.set(node, seat);
    seat.waits = about[WAITS] === true;
    if (seat.waits && this.#hub.isWatched) seat.socket.send(watchFrame(true));
    return node;
  }

  #refuse(socket: WebSocket, node: string | undefined, error: unknown): void {
    if (node !== undefined) this.#note(node, error);
    const text = describeError(error);
    const code = isSynodError(error, 'NODE_TAKEN') ? CLOSE.taken : CLOSE.invalid;
    // A reason may have 123 bytes at most.
    socket.close(code, Buffer.from(text).subarray(0, 120).toString().replace(/�$/, ''));
  }

  #note(node: string, error: unknown): void {
    const note = { type: 'note', code: error instanceof SynodError ? error.code : 'TRACE_INVALID' } as const;
    this.#hub.note({ seq: 0, at: 0, node, clock: {}, ...note, text: describeError(error) });
  }
}

/** The record in a line; undefined if it is a header. @throws SynodError `TRACE_INVALID`. */
function recordIn(line: string): TraceRecord | undefined {
  try {
    if (!line.startsWith('{')) throw new LineError('is no record of a trace');
    return skimLine(line)?.record;
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    throw new SynodError('TRACE_INVALID', `A line that was published ${error.message}.`, { cause: error });
  }
}

/** @throws SynodError `TRACE_INVALID`, `TRACE_VERSION`. */
function headerIn(line: string): TraceHeader {
  const header = decodeTrace(line);
  assert(header.type === 'header', 'the line is a header');
  return header;
}

const misplaced = (came: string, expected: string | undefined): SynodError =>
  new SynodError('TRACE_INVALID', `A record of node ${came} came where ${expected ?? 'a header'} was expected.`);
