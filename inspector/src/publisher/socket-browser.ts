import type { Wire } from './stream.ts';

/** A connection in a browser. */
export const openSocket = (url: string): Wire =>
  new (globalThis as unknown as { readonly WebSocket: new (url: string) => Wire }).WebSocket(url);
