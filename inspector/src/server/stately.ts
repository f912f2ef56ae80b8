import { createHash } from 'node:crypto';
import { describeError, isName } from '@synod/protocol';
import type { RawData, WebSocket } from 'ws';
import { readFrame } from '../apps/stately/frames.ts';
import { Translator } from '../apps/stately/translator.ts';
import type { Hub } from './hub.ts';

/** One app that publishes by `@statelyai/inspect`. */
interface App {
  readonly node: string;
  readonly translator: Translator;
  /** How often each of its latest frames has come, by the frame's hash. */
  readonly seen: Latest;
  socket: WebSocket | undefined;
}

/** Frames that are remembered; the library itself keeps 200 unless told otherwise. */
const MAX_SEEN = 10_000;
/** Apps that have gone and may come back. */
const MAX_GONE = 64;
/** A sender of more frames than this that are none is cut off. */
const MAX_INVALID = 100;
const CLOSE_INVALID = 4400;

/** Takes the streams of `@statelyai/inspect`: each connection is a node of its own, unless it is one that comes back. */
export class StatelyApps {
  readonly #hub: Hub;
  #apps: App[] = [];
  #count = 0;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** `name`: what the app wants to be called, from its address. */
  accept(socket: WebSocket, name: string | null): void {
    let app: App | undefined;
    let backlog = new Map<string, number>();
    let invalid = 0;
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const text = isBinary ? '' : data.toString();
      const hash = createHash('sha1').update(text).digest('base64');
      if (!app) {
        app = this.#open(socket, name, hash);
        backlog = app.seen.counts();
      }
      // A connection that comes back begins with frames that it has sent before.
      const again = backlog.get(hash) ?? 0;
      if (again > 0) return void backlog.set(hash, again - 1);
      app.seen.add(hash);
      try {
        app.translator.take(readFrame(text));
      } catch (error) {
        app.translator.drop(describeError(error));
        if (++invalid >= MAX_INVALID)
          socket.close(CLOSE_INVALID, `FRAME_INVALID: ${MAX_INVALID} frames were none of @statelyai/inspect.`);
      }
    });
    socket.on('error', (error) => {
      // Its very first frame may be the one too large.
      app ??= this.#open(socket, name);
      app.translator.note('CONNECTION_FAILED', `cut off: ${reasonOf(error)}`);
    });
    socket.on('close', () => {
      if (app?.socket !== socket) return;
      app.socket = undefined;
      app.translator.stop();
      this.#hub.node(app.node, false, ABOUT);
    });
  }

  /** `hash`: of its first frame; of one that could not even be read there is none. */
  #open(socket: WebSocket, name: string | null, hash?: string): App {
    const wish = name !== null && isName(name) ? name : undefined;
    const isIts = (seen: Latest): boolean => (hash === undefined ? seen.isEmpty : seen.has(hash));
    const back = this.#apps.find(
      ({ socket: connected, node, seen }) => !connected && isIts(seen) && (wish === undefined || node === wish),
    );
    const app = back ?? this.#begin(wish);
    app.socket = socket;
    this.#hub.node(app.node, true, ABOUT);
    if (back) back.translator.present();
    return app;
  }

  #begin(wish: string | undefined): App {
    const node = this.#freeName(wish);
    const gone = this.#apps.filter((each) => !each.socket && each.node !== node).slice(-MAX_GONE);
    const app: App = {
      node,
      translator: new Translator(node, (record) => this.#hub.records([record], [JSON.stringify(record)])),
      seen: new Latest(MAX_SEEN),
      socket: undefined,
    };
    this.#apps = [...gone, ...this.#apps.filter(({ socket }) => socket), app];
    return app;
  }

  /** The name of a node that is not there. An app that asks for none gets a number. */
  #freeName(wish: string | undefined): string {
    const isFree = (node: string) => this.#hub.world[node]?.up !== true;
    if (wish !== undefined && isFree(wish)) return wish;
    for (let count = 2; wish !== undefined; count++) if (isFree(`${wish}-${count}`)) return `${wish}-${count}`;
    do this.#count++;
    while (this.#hub.world[`app${this.#count}`] !== undefined);
    return `app${this.#count}`;
  }
}

const ABOUT = { from: '@statelyai/inspect' } as const;

/** Why a connection failed, and what to do about it where that is known. */
const reasonOf = (error: Error & { readonly code?: string }): string =>
  error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
    ? 'a frame had more than 16 MB; leave large values out of what is sent, by sanitizeContext and sanitizeEvent'
    : describeError(error);

/** The latest of many, with how often each has come. */
class Latest {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();
  #order: string[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  has(item: string): boolean {
    return this.#counts.has(item);
  }

  counts(): Map<string, number> {
    return new Map(this.#counts);
  }

  add(item: string): void {
    this.#counts.set(item, (this.#counts.get(item) ?? 0) + 1);
    this.#order.push(item);
    // Trimmed in large steps, so that an item costs constant time.
    if (this.#order.length < this.#limit * 2) return;
    for (const old of this.#order.slice(0, -this.#limit)) {
      const count = (this.#counts.get(old) ?? 1) - 1;
      if (count === 0) this.#counts.delete(old);
      else this.#counts.set(old, count);
    }
    this.#order = this.#order.slice(-this.#limit);
  }
}
