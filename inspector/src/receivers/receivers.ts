import {
  type Address,
  actorOf,
  type Chart,
  describeError,
  isAddress,
  isSynodError,
  nodeOf,
  SynodError,
  type TraceRecord,
} from '@synod/protocol';
import type { ReceiverEvent } from '@xstate/inspect';
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import type { EventObject } from 'xstate';
import { parseJson } from '../json.ts';
import type { Hub } from '../server/hub.ts';
import type { ActorView } from '../world/world.ts';
import { eventFrom, eventOf, machineOf, scxml, stateJson } from './version4.ts';

/** Delivers an event to an actor. Rejects with a coded error when it cannot. */
export type Deliver = (actor: Address, event: EventObject) => void | Promise<void>;

interface Receiver {
  readonly socket: WebSocket;
  /** It has said that it looks on. */
  isWatching: boolean;
  /** It was too slow; once it has caught up it is told the present anew. */
  isBehind: boolean;
}

const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;
const CLOSE_INVALID = 4400;
const INIT: EventObject = { type: 'xstate.init' };

const command = v.looseObject({ type: v.string() });
const sent = v.object({ type: v.literal('xstate.event'), event: v.string(), service: v.optional(v.string()) });
const scxmlEvent = v.object({
  data: v.looseObject({ type: v.pipe(v.string(), v.minLength(1)) }),
  origin: v.optional(v.string()),
});

/**
 * Serves receivers of `@xstate/inspect` 0.8, the inspector of XState v4: to them each actor is a service, by its address. Its own server cannot be
 * loaded beside XState v5; this one speaks what it spoke.
 */
export class Receivers {
  readonly #hub: Hub;
  readonly #deliver: Deliver;
  readonly #receivers = new Set<Receiver>();
  #deafen: (() => void) | undefined;
  /** The machines of charts, made once. */
  readonly #machines = new WeakMap<Chart, string>();

  constructor(hub: Hub, deliver: Deliver) {
    this.#hub = hub;
    this.#deliver = deliver;
  }

  accept(socket: WebSocket): void {
    const receiver: Receiver = { socket, isWatching: false, isBehind: false };
    this.#receivers.add(receiver);
    // While there is no receiver, nothing is translated.
    this.#deafen ??= this.#hub.listen({
      record: (record) => this.#record(record),
      node: (node, up) => up || this.#gone(node),
    });
    socket.on('close', () => {
      this.#receivers.delete(receiver);
      if (this.#receivers.size > 0) return;
      this.#deafen?.();
      this.#deafen = undefined;
    });
    socket.on('message', (data) => {
      const read = v.safeParse(command, parseJson(data.toString()));
      if (!read.success) return socket.close(CLOSE_INVALID, 'FRAME_INVALID: a receiver sends objects with a type.');
      const { type } = read.output;
      if (type === 'xstate.event') void this.#sent(read.output);
      // Anything else that v4 knows is for the window that it opened.
      if (type !== 'xstate.inspecting') return;
      receiver.isWatching = true;
      this.#present(receiver);
    });
  }

  /** Tells those who had fallen behind the present. */
  flush(): void {
    for (const receiver of this.#receivers) {
      if (!receiver.isBehind || receiver.socket.bufferedAmount > 0) continue;
      receiver.isBehind = false;
      this.#present(receiver);
    }
  }

  #present(receiver: Receiver): void {
    const running = Object.values(this.#hub.world)
      .filter(({ up }) => up)
      .flatMap(({ actors }) => Object.values(actors))
      .filter(({ phase }) => phase === 'running');
    for (const actor of running) this.#send(receiver, this.#registration(actor));
  }

  #record(record: TraceRecord): void {
    const event = this.#translated(record);
    if (event) this.#tell(event);
  }

  #translated(record: TraceRecord): ReceiverEvent | undefined {
    if (!('actor' in record) || record.actor === undefined) return undefined;
    const { actor: sessionId } = record;
    const view = this.#hub.world[record.node]?.actors[sessionId];
    if (record.type === 'stop' || record.type === 'crash') return { type: 'service.stop', sessionId };
    if (!view) return undefined;
    if (record.type === 'spawn') return this.#registration(view);
    if (record.type === 'receive')
      return { type: 'service.event', event: JSON.stringify(scxml(eventOf(record.event), record.from)), sessionId };
    if (record.type !== 'transition') return undefined;
    const event = eventOf({ type: record.event });
    return { type: 'service.state', state: stateText(view, event, record.transitions.length > 0), sessionId };
  }

  #registration(actor: ActorView): ReceiverEvent {
    const { chart, address, parent } = actor;
    let machine = this.#machines.get(chart);
    if (machine === undefined) {
      machine = JSON.stringify(machineOf(chart));
      this.#machines.set(chart, machine);
    }
    const id = actorOf(address as Address);
    const state = stateText(actor, INIT, true);
    return { type: 'service.register', machine, state, id, sessionId: address, ...(parent && { parent }) };
  }

  /** A node's process has gone, and its actors with it. */
  #gone(node: string): void {
    for (const sessionId of Object.keys(this.#hub.world[node]?.actors ?? {}))
      this.#tell({ type: 'service.stop', sessionId });
  }

  #tell(event: ReceiverEvent): void {
    for (const receiver of this.#receivers) this.#send(receiver, event);
  }

  #send(receiver: Receiver, event: ReceiverEvent): void {
    if (!receiver.isWatching || receiver.isBehind) return;
    receiver.isBehind = receiver.socket.bufferedAmount > MAX_BACKLOG_BYTES;
    if (!receiver.isBehind) receiver.socket.send(JSON.stringify(event));
  }

  /** A person sends an event to a machine: it becomes part of the trace, and so does what came of it. */
  async #sent(frame: unknown): Promise<void> {
    const asked = readEvent(frame);
    if (!asked || !this.#hub.world[nodeOf(asked.to)]?.actors[asked.to]) return;
    const { to, event } = asked;
    const note = (code: string, text: string) =>
      this.#hub.note({ seq: 0, at: 0, node: nodeOf(to), clock: {}, type: 'note', actor: to, code, text });
    try {
      note('CONTROL', `${event.type} is sent to ${to} by a person at a receiver of @xstate/inspect`);
      if (OF_XSTATE.has(event.type)) throw notForPersons(event);
      await this.#deliver(to, event);
    } catch (error) {
      note(isSynodError(error) ? error.code : 'EVENT_NOT_DELIVERED', describeError(error));
    }
  }
}

/** What XState sends an actor in the course of its life. */
const OF_XSTATE: ReadonlySet<string> = new Set(['xstate.init', 'xstate.stop']);

const notForPersons = ({ type }: EventObject): SynodError =>
  new SynodError('EVENT_REFUSED', `${type} is not delivered: XState begins and ends actors itself.`);

/** Which event a receiver sends, and to which actor; undefined where that cannot be made out. */
function readEvent(frame: unknown): { readonly to: Address; readonly event: EventObject } | undefined {
  const read = v.safeParse(sent, frame);
  if (!read.success) return undefined;
  const event = v.safeParse(scxmlEvent, parseJson(read.output.event));
  if (!event.success) return undefined;
  const to = event.output.origin ?? read.output.service;
  return isAddress(to) ? { to, event: eventFrom(event.output.data) } : undefined;
}

/** What is thrown where nobody takes events. */
export const refused = (actor: Address): SynodError =>
  new SynodError(
    'EVENT_REFUSED',
    `${actor} takes no events from here; let its app say acceptEvents, or start the inspector with deliver.`,
  );

const stateText = (
  { chart, state: value, context, address: sessionId }: ActorView,
  event: EventObject,
  changed: boolean,
) => JSON.stringify(stateJson(chart, { value, context, event, changed, sessionId }));
