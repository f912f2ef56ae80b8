import { encodeTrace, type TraceRecord, traceHeader, VIEWER_LIMITS } from '@synod/protocol';
import { WebSocket } from 'ws';

export interface PublishOptions {
  /** The inspector's `publishUrl`. */
  readonly url: string;
  /** The inspector's `publisherToken`. */
  readonly token: string;
  /** The node whose trace it is. */
  readonly node: string;
  /** Facts for the page: process id, cluster. */
  readonly about?: Readonly<Record<string, unknown>>;
  /** A trace that tells each subscriber first of the living actors, as a system's `trace$` does. */
  readonly trace$: { subscribe(next: (record: TraceRecord) => void): { unsubscribe(): void } };
}

export interface Publisher {
  /** Sends what waits, then disconnects. */
  stop(): Promise<void>;
}

/** Bytes that may wait for a slow inspector before records are left out. */
const MAX_BACKLOG_BYTES = 2 * 1024 * 1024;
const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
const CLOSE_MS = 500;
/** Between two frames, at least: a write costs far more than a record, and fifty nodes may share a process. */
const FRAME_MS = 20;

/**
 * Publishes a trace to an inspector. Subscribes only while connected, so that a system nobody watches makes no records;
 * a slow inspector loses records (a note says how many) and never holds the system up.
 */
export function publishTrace({ url, token, node, about = {}, trace$ }: PublishOptions): Publisher {
  let stopped = false;
  let retryMs = MIN_RETRY_MS;
  let retry: NodeJS.Timeout | undefined;
  let current: { socket: WebSocket; flush: () => void } | undefined;

  const connect = (): void => {
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false });
    let subscription: { unsubscribe(): void } | undefined;
    const stream = lineStream(socket);
    current = { socket, flush: stream.flush };
    socket.on('open', () => {
      retryMs = MIN_RETRY_MS;
      socket.send(encodeTrace(traceHeader({ ...about, node })));
      subscription = trace$.subscribe(stream.add);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      subscription?.unsubscribe();
      current = undefined;
      if (stopped) return;
      retry = setTimeout(connect, retryMs);
      retry.unref();
      retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
    });
  };
  connect();

  return {
    async stop() {
      stopped = true;
      clearTimeout(retry);
      if (!current) return;
      const { socket, flush } = current;
      flush();
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => socket.terminate(), CLOSE_MS);
        socket.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
        // A socket that is still connecting is given up by this, too.
        socket.close();
      });
    },
  };
}

/** Gathers records into frames: what comes after a pause goes out at once, with all of its turn of the event loop. */
function lineStream(socket: WebSocket) {
  let lines: string[] = [];
  let skipped = 0;
  let scheduled = false;
  let sentAt = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    scheduled = false;
    sentAt = performance.now();
    if (lines.length > 0 && socket.readyState === WebSocket.OPEN) socket.send(lines.join('\n'));
    lines = [];
  };
  const add = (record: TraceRecord): void => {
    if (socket.bufferedAmount > MAX_BACKLOG_BYTES && record.type !== 'spawn') {
      skipped++;
      return;
    }
    if (skipped > 0) {
      const { seq, at, node, clock } = record;
      const text = `${skipped} records were left out, since the inspector was slow`;
      lines.push(encodeTrace({ seq, at, node, clock, type: 'note', code: 'TRACE_SKIPPED', text }));
      skipped = 0;
    }
    lines.push(encodeTrace(record, VIEWER_LIMITS));
    if (scheduled) return;
    scheduled = true;
    const waitMs = sentAt + FRAME_MS - performance.now();
    if (waitMs > 0) setTimeout(flush, waitMs).unref();
    else setImmediate(flush);
  };
  return { add, flush };
}
