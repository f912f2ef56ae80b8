import type { FromThread, ToThread } from './socket-worker.ts';

export interface SocketEvents {
  opened(): void;
  frame(text: string): void;
  closed(): void;
}

/**
 * A WebSocket in a thread of its own. A browser hands a socket's bytes over in small parts, one each time that its thread has nothing else to do: a
 * page that draws would get but a few megabytes a second.
 */
export class ThreadSocket {
  readonly #thread: Worker;
  isOpen = false;

  constructor(url: string, events: SocketEvents) {
    this.#thread = new Worker(new URL('./socket-worker.ts', import.meta.url), { type: 'module' });
    this.#thread.onmessage = ({ data }: MessageEvent<FromThread>) => {
      if (typeof data === 'string') return events.frame(data);
      this.isOpen = data.type === 'open';
      if (this.isOpen) return events.opened();
      this.#thread.terminate();
      events.closed();
    };
    this.#tell({ type: 'open', url });
  }

  /** Only while it is open. */
  send(text: string): void {
    this.#tell({ type: 'send', text });
  }

  close(): void {
    this.isOpen = false;
    this.#tell({ type: 'close' });
  }

  #tell(said: ToThread): void {
    this.#thread.postMessage(said);
  }
}
