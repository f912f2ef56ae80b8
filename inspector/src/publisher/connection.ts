import { encodeTrace, type TraceHeader, type TraceRecord } from '@synod/protocol';
import { readWatchFrame } from '../apps/back-channel.ts';
import { LineStream, type Wire } from './stream.ts';

export interface Publisher {
  /** Sends what waits, then disconnects. */
  stop(): Promise<void>;
}

/** A trace that tells each subscriber first of the living actors, as a system's `trace$` does. */
export interface Traced {
  subscribe(next: (record: TraceRecord) => void): { unsubscribe(): void };
}

export interface ConnectionOptions {
  /** Begins a connection to the inspector. */
  readonly connect: () => Wire;
  readonly header: TraceHeader;
  readonly trace$: Traced;
  /** Records that are kept until the first connection stands, so that the beginning of a run is told. Default 0. */
  readonly early?: number;
  /** Whether the trace is told only while the inspector says that somebody looks on; then it begins anew each time. Default false. */
  readonly waits?: boolean;
  /** Takes what else the inspector says. */
  readonly heard?: (text: string) => void;
}

const MIN_RETRY_MS = 100;
const MAX_RETRY_MS = 5_000;
/** A connection that has lasted so long was a good one. */
const SETTLED_MS = 1_000;
const CLOSE_MS = 500;

/**
 * Keeps a connection to an inspector and tells it a trace. Subscribes only while connected, or watched, so that a system nobody watches makes no
 * records, but for the `early` ones; a slow inspector loses records (a note says how many) and never holds the system up.
 */
export function publish({ connect, header, trace$, early = 0, waits = false, heard }: ConnectionOptions): Publisher {
  let stopped = false;
  let retryMs = MIN_RETRY_MS;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let wire: Wire | undefined;
  let feed = early > 0 ? new Feed(trace$, 0, early) : undefined;

  const again = (): void => {
    if (stopped) return;
    retry = setTimeout(open, retryMs);
    // Of browsers a timer is a number, and holds nothing up.
    if (typeof retry === 'object') retry.unref();
    retryMs = Math.min(MAX_RETRY_MS, retryMs * 2);
  };
  const open = (): void => {
    const opening = attempt(connect);
    if (!opening) return again();
    wire = opening;
    let openedAt = Number.POSITIVE_INFINITY;
    const begin = (): void => {
      if (!feed || feed.lost > 0) feed = new Feed(trace$, feed?.lost);
      feed.open(opening, header);
    };
    opening.onopen = () => {
      openedAt = performance.now();
      if (waits) opening.send(encodeTrace(header));
      else begin();
    };
    opening.onmessage = ({ data }) => {
      const isWatched = waits ? readWatchFrame(String(data)) : undefined;
      if (isWatched === undefined) heard?.(String(data));
      else if (isWatched && !feed) begin();
      else if (!isWatched) {
        feed?.end();
        feed = undefined;
      }
    };
    // What went wrong is told by the close that follows.
    opening.onerror = () => {};
    opening.onclose = () => {
      wire = undefined;
      if (feed?.isOpen) {
        feed.end();
        feed = undefined;
      }
      // Whoever is sent away at once is in no hurry to come back.
      if (performance.now() - openedAt >= SETTLED_MS) retryMs = MIN_RETRY_MS;
      again();
    };
  };
  open();

  return {
    async stop() {
      stopped = true;
      clearTimeout(retry);
      feed?.end();
      if (wire) await closed(wire);
    },
  };
}

/** A browser may refuse an address at once, a plain one from a secure page for example. */
function attempt(connect: () => Wire): Wire | undefined {
  try {
    return connect();
  } catch {
    return undefined;
  }
}

/** One subscription and where its records go. */
class Feed {
  readonly #stream: LineStream;
  readonly #subscription: { unsubscribe(): void } | undefined;
  readonly #early: number;
  /** Records that were kept for nobody. */
  lost = 0;
  isOpen = false;

  constructor(trace$: Traced, skipped = 0, early = Number.POSITIVE_INFINITY) {
    this.#stream = new LineStream(skipped);
    this.#early = early;
    this.#subscription = trace$.subscribe((record) => {
      if (!this.isOpen && this.#stream.waiting >= this.#early) this.#giveUp();
      else if (this.lost === 0) this.#stream.add(record);
    });
    // It may have given up over what it was told at once.
    if (this.lost > 0) this.#subscription.unsubscribe();
  }

  open(wire: Wire, header: TraceHeader): void {
    this.isOpen = true;
    this.#stream.open(wire, header);
  }

  end(): void {
    this.#stream.flush();
    this.#subscription?.unsubscribe();
  }

  /** Nobody came in time: whoever comes later is told the present. */
  #giveUp(): void {
    this.lost = this.#stream.waiting;
    this.end();
  }
}

function closed(wire: Wire): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      wire.terminate?.();
      resolve();
    }, CLOSE_MS);
    const before = wire.onclose;
    wire.onclose = () => {
      clearTimeout(timer);
      before?.();
      resolve();
    };
    // A socket that is still connecting is given up by this, too.
    wire.close();
  });
}
