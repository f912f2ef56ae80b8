import { createKvClient } from '@synod/kv';

/** A client that writes one key after another, and remembers what was acknowledged. */
export class Writer {
  readonly acknowledged = new Map<string, string>();
  failed = 0;
  readonly #client;
  readonly #prefix: string;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(endpoints: readonly string[], prefix: string, timeoutMs = 20_000) {
    this.#client = createKvClient({ endpoints, timeoutMs });
    this.#prefix = prefix;
  }

  start(): void {
    this.#running = this.#write();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #write(): Promise<void> {
    for (let count = 0; !this.#stopped; count++) {
      const [key, value] = [`${this.#prefix}-${count}`, String(count)];
      try {
        await this.#client.put(key, value);
        this.acknowledged.set(key, value);
      } catch {
        this.failed++;
      }
    }
  }
}

/** Reads under way at once: one after the other they would wait for thousands of turns of the disk. */
const READERS = 16;

/** The keys among `expected` whose value is another, or missing. */
export async function lost(endpoints: readonly string[], expected: ReadonlyMap<string, string>): Promise<string[]> {
  const client = createKvClient({ endpoints, timeoutMs: 60_000, tryTimeoutMs: 10_000 });
  const missing: string[] = [];
  const rest = expected.entries();
  const read = async () => {
    for (const [key, value] of rest) if ((await client.get(key))?.value !== value) missing.push(key);
  };
  await Promise.all(Array.from({ length: READERS }, read));
  return missing;
}
