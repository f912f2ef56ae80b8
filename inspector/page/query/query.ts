// A query as it is meant: what the parser makes of a text, and the compiler a test of.

/** A text that is sought. */
export type Pattern =
  /** Upper and lower case are alike; a `*` stands for any characters. */
  | { readonly kind: 'words'; readonly text: string }
  /** In quotes: as it is, without a `*`; upper and lower case are alike. */
  | { readonly kind: 'quoted'; readonly text: string }
  | { readonly kind: 'expression'; readonly source: string };

export const COMPARISONS = ['<', '<=', '=', '>=', '>'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export type Query =
  /** One of the patterns fits what the field holds. */
  | { readonly kind: 'field'; readonly field: string; readonly any: readonly Pattern[] }
  /** By time on the axis of all nodes, in milliseconds. */
  | { readonly kind: 'at'; readonly comparison: Comparison; readonly ms: number }
  /** By place: indexes, both included. */
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query };

/** Why a text is no query, in a sentence, and where in it. */
export class QueryError extends Error {
  readonly code = 'QUERY_INVALID';
  readonly at: number;
  readonly end: number;

  constructor(message: string, at: number, end: number) {
    super(message);
    this.at = at;
    this.end = end;
  }
}
