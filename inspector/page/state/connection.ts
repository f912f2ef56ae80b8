import { type Asked, controlOf } from '../../src/world/controls.ts';
import { forget, take, tookWith } from './frames.ts';
import { forgetLab, sayWith } from './lab.ts';
import { connected, notice } from './store.ts';
import { ThreadSocket } from './thread-socket.ts';

const MIN_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;

let socket: ThreadSocket | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;
let retryMs = MIN_RETRY_MS;
let id = 0;

/** Connects to the server that this page came from, and again whenever the connection is lost. */
export function connect(): void {
  const url = new URL('watch', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const mine: ThreadSocket = new ThreadSocket(url.href, {
    opened() {
      if (socket !== mine) return;
      connected.value = true;
      forgetLab();
      retryMs = MIN_RETRY_MS;
    },
    frame(text) {
      if (socket === mine) take(text);
    },
    closed() {
      if (socket !== mine) return;
      connected.value = false;
      retry = setTimeout(connect, retryMs);
      retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
    },
  });
  socket = mine;
}

/** Ends the connection, until somebody connects again. */
export function disconnect(): void {
  clearTimeout(retry);
  const last = socket;
  socket = undefined;
  last?.close();
  connected.value = false;
  forget();
}

function say(frame: object): boolean {
  if (!socket?.isOpen) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

sayWith(say);
tookWith((length) => void say({ type: 'took', length }));

/** Asks the server to do something to nodes; what comes of it is the page's notice. */
export function ask(...asked: readonly Asked[]): void {
  if (!socket?.isOpen) {
    notice.value = { ok: false, text: 'The inspector is not connected.' };
    return;
  }
  notice.value = { ok: true, text: `${[...new Set(asked.map(words))].join(', ')} …` };
  for (const each of asked) socket.send(JSON.stringify({ type: 'control', id: ++id, ...each }));
}

const words = (asked: Asked): string => ('node' in asked ? `${asked.control} ${asked.node}` : controlOf(asked));
