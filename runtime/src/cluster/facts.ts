import { Subject } from 'rxjs';

/** Facts of one node that are believed; its own registry and topics never tell as many. */
const MAX_OF_NODE = 4_096;

interface FactsHost {
  readonly node: string;
  /** Tells the others a fact of this node; null takes it back. */
  put(key: string, value: string | null): void;
  /** Whether what runs on a node is to be seen. */
  isPresent(node: string): boolean;
  note(text: string, code: string): void;
}

/** What the nodes of a cluster tell each other, by key; what nodes tell that are gone is not to be seen. */
export class Facts {
  /** A key of which some fact came, changed or went. */
  readonly changed$ = new Subject<string>();
  readonly #host: FactsHost;
  readonly #byKey = new Map<string, Map<string, string>>();
  readonly #byNode = new Map<string, Set<string>>();
  /** Nodes that told too much, lest each fact is a note. */
  readonly #noted = new Set<string>();

  constructor(host: FactsHost) {
    this.#host = host;
  }

  /** A fact of this node, to be seen here at once. Null takes it back. */
  put(key: string, value: string | null): void {
    this.#host.put(key, value);
    this.#set(this.#host.node, key, value);
  }

  /** A fact of another node was learnt. */
  learn(node: string, key: string, value: string | null): void {
    if (node !== this.#host.node) this.#set(node, key, value);
  }

  /** What is told under a key, by node. */
  *told(key: string): Iterable<readonly [node: string, value: string]> {
    for (const told of this.#byKey.get(key) ?? []) if (this.#host.isPresent(told[0])) yield told;
  }

  /** A node came or went: what it tells is to be seen, or no more. */
  turned(node: string): void {
    for (const key of this.#byNode.get(node) ?? []) this.changed$.next(key);
  }

  close(): void {
    this.changed$.complete();
  }

  #set(node: string, key: string, value: string | null): void {
    const keys = this.#byNode.get(node) ?? new Set();
    const told = this.#byKey.get(key) ?? new Map<string, string>();
    if (value === null) {
      keys.delete(key);
      told.delete(node);
    } else if (keys.size < MAX_OF_NODE || keys.has(key)) {
      keys.add(key);
      told.set(node, value);
    } else return this.#refuse(node);
    keep(this.#byNode, node, keys);
    keep(this.#byKey, key, told);
    this.changed$.next(key);
  }

  #refuse(node: string): void {
    if (this.#noted.has(node)) return;
    this.#noted.add(node);
    this.#host.note(
      `${node} tells more than ${MAX_OF_NODE} facts; what is more is left out. Look at what it registers.`,
      'FACTS_TOO_MANY',
    );
  }
}

/** Keeps what has something in it. */
function keep<V extends { readonly size: number }>(map: Map<string, V>, key: string, value: V): void {
  if (value.size > 0) map.set(key, value);
  else map.delete(key);
}
