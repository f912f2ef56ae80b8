import { createEngine, type Engine, type Protocol } from '@synod/protocol';

/** The engine of each protocol, made once. */
export function enginesBy(
  make: (protocol: Protocol) => Engine = ({ machine }) => createEngine(machine),
): (protocol: Protocol) => Engine {
  const engines = new Map<Protocol, Engine>();
  return (protocol) => {
    const engine = engines.get(protocol) ?? make(protocol);
    engines.set(protocol, engine);
    return engine;
  };
}
