import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { Map as ImmutableMap } from 'immutable';
import type { Life } from './facts.ts';
import { MAX_DEPTH } from './limits.ts';

// A hash tree over all that a replica holds (DeCandia et al., Dynamo, §4.7). The key space is the owners' names, each hashed to a path of
// hexadecimal digits. What stands under a name is that owner's epoch and version: with one writer they name the content, so that hashing
// them is hashing all facts that the owner has.
//
// A hash is the first 48 bits of SHA-256, which a number holds exactly. Two different parts of equal hash are overlooked with a
// probability of 2⁻⁴⁸ in each comparison, and only until the next write below them: every write changes the hashes above it.

export type Lives = ImmutableMap<string, Life>;

const DIGITS = 16;

/** The first `MAX_DEPTH` hexadecimal digits of a name's hash. */
export const pathOf = (owner: string): string => bytesToHex(sha256(utf8ToBytes(owner)).subarray(0, MAX_DEPTH / 2));

function hashOf(text: string): number {
  const bytes = sha256(utf8ToBytes(text));
  let hash = 0;
  for (let index = 0; index < 6; index++) hash = hash * 256 + (bytes[index] as number);
  return hash;
}

/** A part of the tree: everything whose path begins in the same way. Divided and hashed when it is looked at. */
export class Part {
  /** Owners in it, sorted. */
  readonly owners: readonly string[];
  readonly #lives: Lives;
  readonly #depth: number;
  #children: readonly Part[] | undefined;
  #hash: number | undefined;

  constructor(lives: Lives, owners: readonly string[], depth: number) {
    this.owners = owners;
    this.#lives = lives;
    this.#depth = depth;
  }

  /** By the next digit; none where the part is not divided any more. */
  get children(): readonly Part[] {
    this.#children ??= this.owners.length < 2 || this.#depth === MAX_DEPTH ? [] : this.#divided();
    return this.#children;
  }

  /** 0 of an empty part. */
  get hash(): number {
    this.#hash ??= this.owners.length === 0 ? 0 : hashOf(this.#text());
    return this.#hash;
  }

  #divided(): readonly Part[] {
    const digits: string[][] = Array.from({ length: DIGITS }, () => []);
    for (const owner of this.owners) digits[Number.parseInt(pathOf(owner)[this.#depth] as string, DIGITS)]?.push(owner);
    return digits.map((owners) => new Part(this.#lives, owners, this.#depth + 1));
  }

  #text(): string {
    if (this.children.length > 0) return this.children.map(({ hash }) => hash).join();
    return this.owners
      .map((owner) => {
        const { epoch, version } = this.#lives.get(owner) as Life;
        return `${owner} ${epoch} ${version}`;
      })
      .join('\n');
  }
}

const EMPTY = new Part(ImmutableMap(), [], 0);

/** By the lives they are of, which never change: a tree is made once for each. */
const trees = new WeakMap<Lives, Part>();

/** The hash tree over some lives; one in which nothing was written has no place in it. */
export function treeOf(lives: Lives): Part {
  const known = trees.get(lives);
  if (known) return known;
  const owners: string[] = [];
  for (const [owner, { version }] of lives) if (version > 0) owners.push(owner);
  const tree = new Part(lives, owners.sort(), 0);
  trees.set(lives, tree);
  return tree;
}

/** The part under a path. Where the tree is not divided so far, its owners that are on the path. */
export function partAt(tree: Part, path: string): Part {
  let part = tree;
  for (const digit of path) {
    if (part.children.length === 0) return part.owners.every((owner) => pathOf(owner).startsWith(path)) ? part : EMPTY;
    part = part.children[Number.parseInt(digit, DIGITS)] ?? EMPTY;
  }
  return part;
}
