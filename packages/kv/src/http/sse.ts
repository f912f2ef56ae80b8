import type { Observable } from 'rxjs';
import type { KvChange } from '../feed.ts';

/** Bytes that may wait for a slow reader; one that is further behind is cut off, and comes back with its Last-Event-ID. */
const MAX_WAITING = 8_388_608;

export interface SseOptions {
  /** Where the stream begins: the id a client comes back with if it is cut off before the first change. */
  readonly revision: number;
  /** Milliseconds between comments that keep the connection alive. */
  readonly heartbeatMs: number;
  /** Ends the stream. */
  readonly signal: AbortSignal;
  readonly onEnd: () => void;
}

/**
 * Changes as Server-Sent Events whose id is the revision, after one event `ready`.
 * Throws at once what `changes$` errors with at once.
 */
export function eventStream(changes$: Observable<KvChange>, options: SseOptions): ReadableStream<Uint8Array> {
  const { revision, heartbeatMs, signal, onEnd } = options;
  const encoder = new TextEncoder();
  let failure: { error: unknown } | undefined;
  let end = () => {};
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string) => {
          controller.enqueue(encoder.encode(text));
          if (controller.desiredSize !== null && controller.desiredSize < -MAX_WAITING) close();
        };
        const heartbeat = setInterval(() => write(':\n\n'), heartbeatMs);
        let open = true;
        end = () => {
          open = false;
          clearInterval(heartbeat);
          signal.removeEventListener('abort', close);
          subscription?.unsubscribe();
          onEnd();
        };
        const close = () => {
          if (!open) return;
          end();
          controller.close();
        };
        let subscription: { unsubscribe(): void } | undefined;
        signal.addEventListener('abort', close);
        write(`event: ready\nid: ${revision}\ndata: {"revision":${revision}}\n\n`);
        subscription = changes$.subscribe({
          next: (change) => {
            if (open) write(`id: ${change.revision}\ndata: ${JSON.stringify(change)}\n\n`);
          },
          error: (error: unknown) => {
            failure = { error };
            close();
          },
          complete: close,
        });
        if (!open) subscription.unsubscribe();
      },
      cancel: () => end(),
    },
    { highWaterMark: 65_536, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  if (failure) throw failure.error;
  return stream;
}
