import { isName, isSynodError, SynodError } from '@synod/protocol';
import { printable } from './text.ts';

/** Where other nodes are: what a transport was told at its start, or a function that knows. */
export type Peers = Readonly<Record<string, string>> | ((node: string) => string | undefined);

/** Nodes whose URLs are learnt: more than any cluster has members. */
const MAX_LEARNT = 65_536;

interface Place {
  readonly url: string;
  /** Whether a member of the cluster is there, so that nobody else may have its name. */
  readonly isTaken: boolean;
}

/** The URLs of nodes: those given and, before them, those learnt while running. */
export class Directory {
  /** Nodes whose URLs were given as a list: connections to them are kept up. */
  readonly kept: ReadonlySet<string>;
  readonly #given: (node: string) => string | undefined;
  readonly #learnt = new Map<string, Place>();
  readonly #path: string;

  /** @throws SynodError `NODE_INVALID` or `URL_INVALID`. */
  constructor(peers: Peers, path: string) {
    this.#path = path;
    if (typeof peers === 'function') {
      this.kept = new Set();
      this.#given = (node) => {
        const url = peers(node);
        return url === undefined ? undefined : peerUrl(node, url, path);
      };
      return;
    }
    const urls = new Map(Object.entries(peers).map(([node, url]) => [node, peerUrl(node, url, path)]));
    this.kept = new Set(urls.keys());
    this.#given = (node) => urls.get(node);
  }

  /**
   * The URL of a node, if known.
   * @throws SynodError `NODE_INVALID` or `URL_INVALID` when a function gave what is none.
   */
  urlOf(node: string): string | undefined {
    return this.#learnt.get(node)?.url ?? this.#given(node);
  }

  /** Whether a URL of the node was given; one that cannot be used counts, and is complained of when it is. */
  knows(node: string): boolean {
    try {
      return this.urlOf(node) !== undefined;
    } catch (error) {
      if (isSynodError(error)) return true;
      throw error;
    }
  }

  /** Where a member is that has this name. */
  takenAt(node: string): string | undefined {
    const place = this.#learnt.get(node);
    return place?.isTaken ? place.url : undefined;
  }

  /**
   * A member is at `url`. Returns whether that is news.
   * @throws SynodError `NODE_INVALID`, `URL_INVALID` or `PEERS_TOO_MANY`.
   */
  learn(node: string, given: string): boolean {
    const url = peerUrl(node, given, this.#path);
    if (this.takenAt(node) === url) return false;
    if (this.#learnt.size >= MAX_LEARNT && !this.#learnt.has(node)) {
      const text = `The URL of ${node} is not kept: ${MAX_LEARNT} are the most; restart this node to forget old ones.`;
      throw new SynodError('PEERS_TOO_MANY', text);
    }
    this.#learnt.set(node, { url, isTaken: true });
    return true;
  }

  /** Its member is gone: another may have the name. */
  release(node: string): void {
    const place = this.#learnt.get(node);
    if (place) this.#learnt.set(node, { ...place, isTaken: false });
  }
}

function peerUrl(node: string, url: string, path: string): string {
  if (!isName(node)) {
    throw new SynodError(
      'NODE_INVALID',
      `"${printable(node)}" cannot name a node; use letters, digits, ".", "-" and "_".`,
    );
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !['ws:', 'wss:'].includes(parsed.protocol) || parsed.hash !== '') {
    const text = `"${printable(url)}" is no address of ${node}; write ws://host:port or wss://host:port.`;
    throw new SynodError('URL_INVALID', text);
  }
  if (parsed.pathname === '/') parsed.pathname = path;
  return parsed.href;
}
