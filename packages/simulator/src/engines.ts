import { compile } from '@synod/compiler';
import { createEngine, type Engine, isSynodError, type Protocol } from '@synod/protocol';

const engines = new WeakMap<Protocol, Engine>();

/** The engine of a protocol: made once, and used in every run of this process. Compiled, where the machine can be. */
export function engineOf(protocol: Protocol): Engine {
  const known = engines.get(protocol);
  if (known) return known;
  const engine = create(protocol);
  engines.set(protocol, engine);
  return engine;
}

function create({ machine }: Protocol): Engine {
  try {
    return compile(machine);
  } catch (error) {
    if (isSynodError(error, 'COMPILE_UNSUPPORTED')) return createEngine(machine);
    throw error;
  }
}
