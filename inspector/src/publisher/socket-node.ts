import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import type { Wire } from './stream.ts';

/** A connection on Node that keeps no process alive: an app that is done ends, once what was sent has left. */
export function openSocket(url: string): Wire {
  const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: HANDSHAKE_MS });
  socket.on('upgrade', ({ socket: stream }: { readonly socket: Socket }) => stream.unref());
  return socket as unknown as Wire;
}

const HANDSHAKE_MS = 3_000;
