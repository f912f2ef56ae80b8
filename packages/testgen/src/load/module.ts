import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { describeError, SynodError } from '@synod/protocol';
import { createJiti } from 'jiti';
import { type Reference, referenceOf } from './reference.ts';

export type Exports = Readonly<Record<string, unknown>>;

const TYPESCRIPT = /\.[cm]?tsx?$|\.jsx$/;

/**
 * All that a module exports. JavaScript is loaded by Node itself; TypeScript and JSX are compiled on the fly, on every version of Node, with
 * what they import, and without a look at their types.
 * @throws SynodError `MODULE_NOT_FOUND` where there is no such file, or none that it imports; `MODULE_INVALID` where it is no JavaScript or
 * TypeScript; `MODULE_THREW` where it throws as it is loaded.
 */
export async function loadModule(file: string): Promise<Exports> {
  if (!isFile(file)) throw new SynodError('MODULE_NOT_FOUND', `${file} is not there; give the path of a module.`);
  try {
    return withoutDefault(await (TYPESCRIPT.test(file) ? compiled(file) : import(pathToFileURL(file).href)));
  } catch (cause) {
    throw failureOf(file, cause);
  }
}

/**
 * The value of an export, of `default` where none is named.
 * @throws SynodError as `loadModule`, and `EXPORT_NOT_FOUND`.
 */
export async function loadExport(text: string): Promise<unknown> {
  const { file, name } = referenceOf(text);
  return exportOf(await loadModule(file), { file, name: name ?? 'default' });
}

/** @throws SynodError `EXPORT_NOT_FOUND`. */
export function exportOf(all: Exports, { file, name = 'default' }: Reference): unknown {
  if (Object.hasOwn(all, name)) return all[name];
  const others = Object.keys(all).join(', ');
  throw new SynodError(
    'EXPORT_NOT_FOUND',
    `${file} has no export "${name}"; ${others === '' ? 'it exports nothing' : `it has ${others}`}.`,
  );
}

// One for all: modules that several references share are loaded once, and stay equal by identity.
const jiti = createJiti(import.meta.url, { fsCache: false, interopDefault: false, jsx: true });

const compiled = (file: string): Promise<Exports> => jiti.import(file);

/** A CommonJS module shows its exports both by name and beneath `default`. */
function withoutDefault(loaded: Exports): Exports {
  const all = { ...loaded };
  const whole = all.default;
  delete all['module.exports'];
  delete all.__esModule;
  if (typeof whole !== 'object' || whole === null || !('__esModule' in whole)) return all;
  return { ...all, ...(whole as Exports) };
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

function failureOf(file: string, cause: unknown): SynodError {
  const { code, name } = (cause ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  const said = describeError(cause).split('\n')[0]?.trim();
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED')
    return new SynodError(
      'MODULE_NOT_FOUND',
      `${file} imports something that is not there: ${said}. Install it, or mend the path.`,
      { cause },
    );
  if (name === 'SyntaxError' || said?.startsWith('ParseError'))
    return new SynodError('MODULE_INVALID', `${file} cannot be read as a module: ${said}.`, { cause });
  return new SynodError('MODULE_THREW', `${file} throws as it is loaded: ${said}. Mend what it does at the top.`, {
    cause,
  });
}
