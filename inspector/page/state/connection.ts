import type { Asked, ServerFrame } from '../../src/world/wire.ts';
import { forgetLab, sayWith } from './lab.ts';
import { connected, notice, take } from './store.ts';

const MIN_RETRY_MS = 250;
const MAX_RETRY_MS = 5_000;

let socket: WebSocket | undefined;
let retryMs = MIN_RETRY_MS;
let id = 0;

/** Connects to the server that this page came from, and again whenever the connection is lost. */
export function connect(): void {
  const url = new URL('watch', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  socket = new WebSocket(url);
  socket.onopen = () => {
    connected.value = true;
    forgetLab();
    retryMs = MIN_RETRY_MS;
  };
  socket.onmessage = ({ data }) => take(JSON.parse(String(data)) as ServerFrame);
  socket.onclose = () => {
    connected.value = false;
    setTimeout(connect, retryMs);
    retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
  };
}

sayWith((frame) => {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(frame));
  return true;
});

/** Asks the server to do something to nodes; what comes of it is the page's notice. */
export function ask(...asked: readonly Asked[]): void {
  if (socket?.readyState !== WebSocket.OPEN) {
    notice.value = { ok: false, text: 'The inspector is not connected.' };
    return;
  }
  notice.value = { ok: true, text: `${[...new Set(asked.map(words))].join(', ')} …` };
  for (const each of asked) socket.send(JSON.stringify({ type: 'control', id: ++id, ...each }));
}

const words = (asked: Asked): string => ('node' in asked ? `${asked.control} ${asked.node}` : asked.control);
