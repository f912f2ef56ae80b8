import { readFileSync } from 'node:fs';
import type { Specification } from '@synod/protocol';

const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly exports: Readonly<Record<string, unknown>>;
};

/** The specifications of all protocols. */
export const specifications: readonly Specification[] = await Promise.all(
  Object.keys(exports).map(async (folder) => {
    const module: { readonly specification: Specification } = await import(`../../src/${folder.slice(2)}/index.ts`);
    return module.specification;
  }),
);
