import type { DurableChange, DurableState } from '@synod/protocol';

/** Where the durable fields of a node's actors survive a crash. */
export interface Storage {
  /**
   * Opens the storage of `node`.
   * @returns `incarnation`: how many times this storage has been opened, this time included; from 1.
   * @throws SynodError `STORAGE_FOREIGN`, `STORAGE_VERSION`, `STORAGE_LOCKED`, `STORAGE_CORRUPT`,
   * `STORAGE_UNAVAILABLE` or `STORAGE_FULL`.
   */
  open(node: string): Promise<{ readonly incarnation: number }>;
  /**
   * The durable fields of `actor` as last written, sequences as `Sequence`; undefined when it never wrote.
   * @throws SynodError `STORAGE_CORRUPT` when what is stored cannot be trusted.
   */
  recover(actor: string): Promise<DurableState | undefined>;
  /**
   * Writes the changes of one step, all or none; values are plain data, Maps, Sets, Dates and bytes. Resolves when they would survive a power failure.
   * Writes are made durable in the order of the calls; several may share one commit.
   * @throws SynodError `STORAGE_FULL` or `STORAGE_FAILED`; the actor must then stop, as nothing it promises can be kept.
   * Its further writes are refused until it recovers.
   */
  write(actor: string, changes: readonly DurableChange[]): Promise<void>;
  /** Forgets all that `actor` wrote. */
  erase(actor: string): Promise<void>;
  /** Waits for the writes under way, then closes. Idempotent. */
  close(): Promise<void>;
}
