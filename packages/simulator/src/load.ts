import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeError, type Specification, SynodError } from '@synod/protocol';

/** Where a specification is found; functions cannot go from thread to thread, so a worker loads it anew. */
export interface SpecificationReference {
  /** A package's face such as `@synod/machines/raft`, a `file:` URL, or an absolute path. */
  readonly module: string;
  /** For a package: the URL of the module from which it is imported, `import.meta.url` mostly. */
  readonly from?: string;
}

/**
 * Loads a specification, the module's export of that name.
 * @throws SynodError `SPECIFICATION_NOT_FOUND`.
 */
export async function loadSpecification(reference: SpecificationReference): Promise<Specification> {
  const { module } = reference;
  let loaded: { readonly specification?: Specification };
  try {
    loaded = await import(urlOf(reference));
  } catch (cause) {
    throw notFound(`${module} cannot be loaded: ${describeError(cause)}`, cause);
  }
  const { specification } = loaded;
  if (specification?.roles && specification.simulations) return specification;
  throw notFound(`${module} has no export "specification"`);
}

/** Node's resolver, and not that of whatever tool may have loaded this module. */
function urlOf({ module, from = import.meta.url }: SpecificationReference): string {
  if (module.startsWith('file:')) return module;
  if (isAbsolute(module)) return pathToFileURL(module).href;
  return pathToFileURL(createRequire(from).resolve(module)).href;
}

const notFound = (what: string, cause?: unknown): SynodError =>
  new SynodError(
    'SPECIFICATION_NOT_FOUND',
    `${what}; name a package's face, a file: URL or an absolute path of a module that exports "specification".`,
    { cause },
  );
