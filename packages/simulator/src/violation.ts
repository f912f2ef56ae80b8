import type { Address } from '@synod/protocol';

/**
 * What kind of promise was broken: a property's own kind; `assertion`, where a machine threw; `progress`, which did not come after
 * all had healed; `history`, where the clients saw what no single object could have shown them.
 */
export type ViolationKind = 'always' | 'step' | 'eventually' | 'assertion' | 'progress' | 'history';

/** A promise that a run broke. */
export interface Violation {
  /** The property's name; of a machine that threw, its message. */
  readonly property: string;
  readonly kind: ViolationKind;
  /** When, in simulated milliseconds. */
  readonly atMs: number;
  /** One sentence for a person. */
  readonly message: string;
  /** Of a history: the smallest part of it that offends, drawn. */
  readonly drawing?: string;
  /** The actor whose step broke it, where it is one actor's. */
  readonly part?: Address;
}
