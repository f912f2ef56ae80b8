import { SynodError } from '@synod/protocol';
import { InvalidArgumentError } from 'commander';

/** Where each kind of cluster keeps its data, or at least how to reach it, unless told otherwise, below the current directory. */
export const DEFAULT_DATA = { kv: '.synod/kv', swim: '.synod/swim' } as const;

/** A whole number within bounds, for commander. */
export const wholeNumber =
  (from: number, to: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };

/** A number above 0, for commander. */
export function positive(text: string): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** A number within bounds, with or without decimals, for commander. */
export const decimal =
  (from: number, to: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a number from ${from} to ${to}.`);
  };

/** A name of letters, digits, dots, dashes and underscores. */
export function name(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 64 letters, digits, ".", "-" or "_".');
}

/** A directory's path. */
export function directory(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It must name a directory.');
}

/** A file's path. */
export function file(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It must name a file.');
}

/** Collects an option that may be given more than once. */
export const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

export const usage = (text: string): SynodError => new SynodError('USAGE', text);

/** A port in use, in the words of the command line. */
export const portInUse = (port: number, what: string, cause: unknown): SynodError =>
  new SynodError(
    'PORT_IN_USE',
    `Port ${port} for ${what} is in use; choose others with --port, or --port 0 to have the system choose.`,
    { cause },
  );
