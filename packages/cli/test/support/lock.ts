import { fileURLToPath } from 'node:url';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}.mjs`, import.meta.url));

/** A protocol of a module of its own: a lock with one mutant. */
export const LOCK = fixture('lock');
/** The same with a mutant that is none. */
export const LOCK_HARMLESS = fixture('lock-harmless');
/** The same, wrong without any mutant. */
export const LOCK_WRONG = fixture('lock-wrong');
