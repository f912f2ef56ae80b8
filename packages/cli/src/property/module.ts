import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeError, SynodError } from '@synod/protocol';

/** `./checkout.ts#checkoutMachine` as a file and the name of an export. */
export function referenceOf(text: string): { readonly file: string; readonly name: string | undefined } {
  const at = text.lastIndexOf('#');
  return at < 0
    ? { file: resolve(text), name: undefined }
    : { file: resolve(text.slice(0, at)), name: text.slice(at + 1) };
}

/**
 * All that a module exports.
 * @throws SynodError `MODULE_NOT_FOUND`.
 */
export async function exportsOf(file: string): Promise<Readonly<Record<string, unknown>>> {
  if (!existsSync(file)) throw notFound(`${file} is not there; give the path of a module`);
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (cause) {
    throw notFound(`${file} cannot be loaded: ${describeError(cause)}`, cause);
  }
}

/**
 * The value of an export.
 * @throws SynodError `MODULE_NOT_FOUND`.
 */
export async function exported(text: string): Promise<unknown> {
  const { file, name = 'default' } = referenceOf(text);
  const all = await exportsOf(file);
  if (name in all) return all[name];
  throw notFound(`${file} has no export "${name}"; it has ${Object.keys(all).join(', ') || 'none'}`);
}

const notFound = (what: string, cause?: unknown): SynodError =>
  new SynodError('MODULE_NOT_FOUND', `${what}.`, { cause });
