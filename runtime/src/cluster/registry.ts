import { type Address, actorOf, address, isName, nodeOf, SynodError } from '@synod/protocol';
import { distinctUntilChanged, filter, map, type Observable, startWith } from 'rxjs';
import type { Facts } from './facts.ts';

/** Which actors have which name, on all nodes: eventually the same everywhere. */
export interface Registry {
  /**
   * Gives an actor of this node a name, which it may share with others here and elsewhere, until it ends.
   * @throws SynodError `SERVICE_INVALID`, `ACTOR_UNKNOWN`, `REGISTRY_FULL`.
   */
  register(name: string, actor: Address): void;
  /** Takes a name back. Nothing happens when the actor does not have it. */
  unregister(name: string, actor: Address): void;
  /** All actors of that name that are known, sorted. */
  lookup(name: string): readonly Address[];
  /** What `lookup` says, now and whenever it changes. */
  changes$(name: string): Observable<readonly Address[]>;
}

/** Actors of one node under one name, and names of one node. */
const MAX_ACTORS = 32;
const MAX_NAMES = 1_000;

const PREFIX = 'registry/';

interface RegistryHost {
  readonly node: string;
  readonly facts: Facts;
  isAlive(actor: string): boolean;
}

/** Names as facts: a node tells, for each name, which of its actors have it. */
export class FactRegistry implements Registry {
  readonly #host: RegistryHost;
  /** Of this node: actors by name. */
  readonly #own = new Map<string, Set<string>>();

  constructor(host: RegistryHost) {
    this.#host = host;
  }

  register(name: string, actor: Address): void {
    const { node, isAlive } = this.#host;
    check(name);
    if (nodeOf(actor) !== node || !isAlive(actorOf(actor))) throw unknownHere(actor, node);
    const actors = this.#own.get(name) ?? new Set();
    if (actors.has(actorOf(actor))) return;
    if (actors.size >= MAX_ACTORS || (actors.size === 0 && this.#own.size >= MAX_NAMES)) throw full(name, node);
    this.#own.set(name, actors.add(actorOf(actor)));
    this.#tell(name, actors);
  }

  unregister(name: string, actor: Address): void {
    if (nodeOf(actor) === this.#host.node) this.#remove(name, actorOf(actor));
  }

  /** An actor of this node has ended. */
  ended(actor: string): void {
    for (const name of [...this.#own.keys()]) this.#remove(name, actor);
  }

  lookup(name: string): readonly Address[] {
    check(name);
    const found: Address[] = [];
    for (const [node, actors] of this.#host.facts.told(PREFIX + name)) {
      for (const actor of actors.split(' ', MAX_ACTORS)) if (isName(actor)) found.push(address(actor, node));
    }
    return found.sort();
  }

  changes$(name: string): Observable<readonly Address[]> {
    check(name);
    return this.#host.facts.changed$.pipe(
      filter((key) => key === PREFIX + name),
      startWith(undefined),
      map(() => this.lookup(name)),
      distinctUntilChanged((a, b) => a.join() === b.join()),
    );
  }

  #remove(name: string, actor: string): void {
    const actors = this.#own.get(name);
    if (!actors?.delete(actor)) return;
    if (actors.size === 0) this.#own.delete(name);
    this.#tell(name, actors);
  }

  #tell(name: string, actors: ReadonlySet<string>): void {
    this.#host.facts.put(PREFIX + name, actors.size === 0 ? null : [...actors].sort().join(' '));
  }
}

function check(name: string): void {
  if (isName(name)) return;
  const text = `"${name.slice(0, 100)}" cannot name a service; use 1 to 128 letters, digits, ".", "-" and "_".`;
  throw new SynodError('SERVICE_INVALID', text);
}

const unknownHere = (actor: Address, node: string) =>
  new SynodError(
    'ACTOR_UNKNOWN',
    `There is no actor ${actor} on ${node}; a node registers its own actors, once they live.`,
  );

const full = (name: string, node: string) =>
  new SynodError(
    'REGISTRY_FULL',
    `${node} cannot register one more as "${name}": ${MAX_NAMES} names and ${MAX_ACTORS} actors a name are the most; register one actor that stands for many.`,
  );
