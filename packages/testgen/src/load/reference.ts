import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** A module, and an export of it. */
export interface Reference {
  /** Absolute. */
  readonly file: string;
  /** Undefined where the text names a module alone. */
  readonly name: string | undefined;
}

/** `./checkout.ts#checkoutMachine` as a file and the name of an export. A file whose own name has a `#` is taken at its word. */
export function referenceOf(text: string, from = process.cwd()): Reference {
  const at = text.lastIndexOf('#');
  const whole = resolve(from, text);
  return at < 0 || existsSync(whole)
    ? { file: whole, name: undefined }
    : { file: resolve(from, text.slice(0, at)), name: text.slice(at + 1) };
}
