import { SynodError } from './errors.ts';

/** Where an actor lives: `actor@node`, for example `raft@n1`. */
export type Address = `${string}@${string}`;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Whether `name` may name an actor or a node: 1–128 letters, digits, dots, dashes or underscores, first a letter or digit. */
export const isName = (name: string): boolean => NAME.test(name);

/**
 * Builds the address of `actor` on `node`.
 * @throws SynodError `ADDRESS_INVALID` when either is not a name.
 */
export function address(actor: string, node: string): Address {
  if (!isName(actor) || !isName(node)) throw invalid(`${actor}@${node}`);
  return `${actor}@${node}`;
}

/**
 * Splits an address into its two names.
 * @throws SynodError `ADDRESS_INVALID` when `text` is not of the form `actor@node`.
 */
export function parseAddress(text: string): { actor: string; node: string } {
  const at = text.indexOf('@');
  const actor = text.slice(0, at);
  const node = text.slice(at + 1);
  if (at < 0 || !isName(actor) || !isName(node)) throw invalid(text);
  return { actor, node };
}

/** Whether `text` is a well-formed address. */
export function isAddress(text: unknown): text is Address {
  if (typeof text !== 'string') return false;
  const at = text.indexOf('@');
  return at > 0 && isName(text.slice(0, at)) && isName(text.slice(at + 1));
}

/** The node of a well-formed address, without checking it again. */
export const nodeOf = (to: Address): string => to.slice(to.indexOf('@') + 1);

/** The actor of a well-formed address, without checking it again. */
export const actorOf = (to: Address): string => to.slice(0, to.indexOf('@'));

const invalid = (text: string) =>
  new SynodError(
    'ADDRESS_INVALID',
    `"${text.slice(0, 200)}" is not an address; write actor@node, each of letters, digits, ".", "-" or "_".`,
  );
