import type { AnyActorLogic, AnyStateMachine } from 'xstate';

/** A part is named in the chart and nobody has given it. */
export class Missing extends Error {
  readonly what: 'guard' | 'delay';
  readonly part: string;

  constructor(what: 'guard' | 'delay', part: string) {
    super(`The ${what} "${part}" is not implemented.`);
    this.what = what;
    this.part = part;
  }
}

interface Implementations {
  actors: Readonly<Record<string, unknown>>;
  delays: Readonly<Record<string, unknown>>;
}

/** Where XState would take a delay that nobody has given for none and go on at once, the machine throws. It must be a copy of one's own. */
export function forbidMissingDelays(copy: AnyStateMachine): void {
  const implementations = copy.implementations as Implementations;
  implementations.delays = new Proxy(implementations.delays, {
    get: (given, name) => {
      if (typeof name === 'string' && !(name in given)) throw new Missing('delay', name);
      return given[name as string];
    },
  });
}

/** Actors that the machine names, and that nobody has given it, run `standIn`. It must be a copy of one's own. */
export function supplyActors(copy: AnyStateMachine, standIn: AnyActorLogic): void {
  const implementations = copy.implementations as Implementations;
  implementations.actors = new Proxy(implementations.actors, {
    get: (given, name) => (typeof name === 'string' && !(name in given) ? standIn : given[name as string]),
  });
}
