import { createEngine, type Engine, type Protocol } from '@synod/protocol';

const engines = new WeakMap<Protocol, Engine>();

/** The engine of a protocol: made once, and used in every run of this process. */
export function engineOf(protocol: Protocol): Engine {
  const known = engines.get(protocol);
  if (known) return known;
  const engine = createEngine(protocol.machine);
  engines.set(protocol, engine);
  return engine;
}
