/**
 * What a viewer may draw of a protocol's contexts beside its chart: a log that replicas are to agree in, and who has answered. All by the
 * names of context fields, so that no viewer needs to know a protocol.
 */
export interface ProtocolView<TField extends string = string> {
  readonly log?: LogView<TField>;
  readonly quorums?: readonly QuorumView<TField>[];
}

/** A list that replicas are to agree in, item by item. */
export interface LogView<TField extends string = string> {
  readonly field: TField;
  /** The index of its first item. Default 1, as papers count. */
  readonly first?: number;
  /** The field of an item that it is coloured by: the term or ballot that it comes from. */
  readonly group?: string;
  /** The field of an item in which replicas are to agree. Default: the whole item. */
  readonly agreed?: string;
  /** Context fields that are indices into it: how far it is committed, or applied. */
  readonly marks?: readonly TField[];
}

/** Who has answered so far. */
export interface QuorumView<TField extends string = string> {
  /** What for, in a word: `votes`. */
  readonly name: string;
  /** A list of addresses; or such lists by key; or numbers by address: up to which index of the log each has answered. */
  readonly field: TField;
  /** The field with the addresses of those who are asked. */
  readonly members: TField;
  /** Whether the actor itself is one more of them; by numbers it counts as one that has answered. Default false. */
  readonly withSelf?: boolean;
  /** How many it takes. Default `majority`. */
  readonly needs?: 'majority' | 'all';
  /** The outermost state in which it means anything. Default: all. */
  readonly state?: string;
}
