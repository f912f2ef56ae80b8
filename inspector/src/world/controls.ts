import type { LinkFault } from '@synod/protocol';

// What a person may do to nodes, to the network between them and to their clocks, and what is done at present.

/** What a person may do to a node. */
export const NODE_CONTROLS = ['kill', 'restart', 'pause', 'resume'] as const;
export type NodeControl = (typeof NODE_CONTROLS)[number];

/** What a person may lay on links, of all that can lie there. */
export const LINK_CONTROLS = ['drop', 'delay', 'duplicate'] as const;
export type LinkControl = (typeof LINK_CONTROLS)[number];

const NETWORK_CONTROLS = ['partition', 'heal', ...LINK_CONTROLS, 'skew', 'clear'] as const;

/** What a person may do: to a node, to the network between all of them, to a clock; `clear` ends all that lies on network and clocks. */
export type Control = NodeControl | (typeof NETWORK_CONTROLS)[number];
export const CONTROLS: readonly Control[] = [...NODE_CONTROLS, ...NETWORK_CONTROLS];

/** Groups of nodes that cannot reach each other. */
export type Groups = readonly (readonly string[])[];

/** How a node's clock differs from a true one. */
export interface Skew {
  /** Seconds that pass on it in a true second, 0.1 to 10; 1 is true. */
  readonly rate: number;
  /** How far it jumps ahead, once, in milliseconds, 0 to 60,000. */
  readonly jumpMs: number;
}

/** What is done to the nodes at present, by whomever. */
export interface Faults {
  /** Nodes that are held: they neither take nor say anything. */
  readonly paused: readonly string[];
  /** Empty while all can reach each other. */
  readonly groups: Groups;
  /** What lies on links. */
  readonly links: readonly LinkFault[];
  /** Nodes whose clocks run fast or slow, and how fast. */
  readonly rates: Readonly<Record<string, number>>;
}

export const noFaults: Faults = { paused: [], groups: [], links: [], rates: {} };

/** What a person asks for. */
export type Asked =
  | { readonly control: NodeControl; readonly node: string }
  | { readonly control: 'partition'; readonly groups: Groups }
  | { readonly control: 'disturb'; readonly fault: LinkFault }
  | ({ readonly control: 'skew'; readonly node: string } & Skew)
  | { readonly control: 'heal' | 'clear' };

/** Which control it is that is asked for. */
export const controlOf = (asked: Asked): Control =>
  asked.control === 'disturb' ? (asked.fault.kind as LinkControl) : asked.control;
