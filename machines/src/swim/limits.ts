// What a message may bring at most, so that nobody fills another's memory.

/** Members that one table holds. */
export const MAX_MEMBERS = 20_000;

/** Updates on one message. */
export const MAX_UPDATES = 64;

/** Of a member's metadata. */
export const MAX_METADATA = { facts: 16, characters: 256 } as const;

/**
 * The last incarnation. Claims past it are refused, and so is a suspicion or a death of this very one, which nobody could refute: one
 * forged number cannot silence a member for good.
 */
export const MAX_INCARNATION = 2 ** 32 - 1;
