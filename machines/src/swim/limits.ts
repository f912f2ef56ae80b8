import type { Metadata } from '@synod/protocol';

// What a message may bring at most, so that nobody fills another's memory.

/** Members that one table holds. */
export const MAX_MEMBERS = 20_000;

/** Updates on one message. */
export const MAX_UPDATES = 64;

/** Of a member's metadata. */
export const MAX_METADATA = { facts: 16, characters: 256 } as const;

/** Characters of a cluster's name. */
export const MAX_CLUSTER = 128;

/** Whether others would take these metadata. */
export function isShort(metadata: Metadata): boolean {
  const facts = Object.entries(metadata);
  return (
    facts.length <= MAX_METADATA.facts &&
    facts.every((fact) => fact.every((text) => text.length <= MAX_METADATA.characters))
  );
}

/**
 * How often a member outdoes what another life under its name says of it. An earlier life has left a few claims at most; past this, another
 * process lives under the name.
 */
export const MAX_RIVALRY = 8;

/**
 * The last incarnation. Claims past it are refused, and so is a suspicion or a death of this very one, which nobody could refute: one
 * forged number cannot silence a member for good.
 */
export const MAX_INCARNATION = 2 ** 32 - 1;
