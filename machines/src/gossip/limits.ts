// What a message or a request may bring at most. Schemas and rules go by these, so that nobody fills another's memory.

/** Characters of a fact's key; at least one. */
export const MAX_KEY = 256;

/** Characters of a fact's value. */
export const MAX_VALUE = 8_192;

/** Characters of a rumour. */
export const MAX_UPDATE = 4_096;

/** Facts of one owner, death certificates among them. */
export const MAX_FACTS = 10_000;

/** Owners of which one replica holds facts. */
export const MAX_OWNERS = 20_000;

/** Entries, versions or hashes in one message. */
export const MAX_ITEMS = 1_024;

/** The last epoch and the last version: as milliseconds, the year 10889. A number past it is refused, wherever it comes from. */
export const MAX_COUNT = 2 ** 48 - 1;

/**
 * How far an owner's epoch may be ahead of the last one that is known: as milliseconds, two years. What is further is refused, so that one
 * forged number does not use all epochs up (Cassandra bounds its generations in the same way).
 */
export const MAX_EPOCH_STEP = 2 ** 36;

/** Characters of a path in the hash tree: more levels than 20,000 owners need. */
export const MAX_DEPTH = 8;
