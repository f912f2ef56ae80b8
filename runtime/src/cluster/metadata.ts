import { type MemberView, type Metadata, SynodError } from '@synod/protocol';

/** Facts that an embedder may tell of its node, and characters of each. The runtime adds its own. */
const MAX_FACTS = 12;
const MAX_CHARACTERS = 256;

/** What the runtime itself tells of a node, in the metadata of its member. */
export const KEYS = {
  /** Where it listens. */
  url: 'url',
  /** Differs between the lives of a node: actors of another life have ended. */
  life: 'life',
  /** Grows from join to join, as far as the one who joins knows of others: who is oldest. */
  age: 'age',
  /** The embedder's: what the node is for. A strategy for split brain may count members of one role only. */
  role: 'role',
} as const;

/** @throws SynodError `METADATA_INVALID`. */
export function checkMetadata(metadata: Metadata): void {
  const facts = Object.entries(metadata);
  if (facts.length > MAX_FACTS) throw invalid(`there are ${facts.length} facts, and ${MAX_FACTS} are the most`);
  for (const [key, value] of facts) {
    if (key === KEYS.life || key === KEYS.age) throw invalid(`"${key}" is the runtime's own`);
    const isText = typeof value === 'string' && key.length > 0;
    if (!isText || key.length > MAX_CHARACTERS || value.length > MAX_CHARACTERS) {
      throw invalid(`"${key.slice(0, 50)}" must be a text of at most ${MAX_CHARACTERS} characters`);
    }
  }
}

export const lifeOf = ({ metadata }: MemberView): string | undefined => metadata[KEYS.life];

/** From 1; undefined while it is not known. */
export function ageOf({ metadata }: MemberView): number | undefined {
  const age = Number(metadata[KEYS.age]);
  return Number.isSafeInteger(age) && age > 0 ? age : undefined;
}

/** The age of a member that joins those of `members`: more than any of theirs, as Lamport's clock would count joins. */
export const nextAge = (members: Iterable<MemberView>): number => {
  let oldest = 0;
  for (const member of members) oldest = Math.max(oldest, ageOf(member) ?? 0);
  return oldest + 1;
};

const invalid = (why: string) =>
  new SynodError('METADATA_INVALID', `These metadata cannot be told: ${why}; keep them few and short.`);
