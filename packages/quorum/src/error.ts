/** What is wrong with a quorum system, or with two that should intersect. Stable. */
export type QuorumErrorCode =
  /** It has no members, or its shape is none of those this package knows. */
  | 'QUORUM_INVALID'
  /** Its quorums cannot be listed, since there would be too many. */
  | 'QUORUM_TOO_LARGE'
  /** Two quorums that should meet have no member in common. */
  | 'QUORUM_DISJOINT';

/** A coded error: `code` is for programs, the sentence says what to do. */
export class QuorumError extends Error {
  override readonly name = 'QuorumError';
  readonly code: QuorumErrorCode;
  /** Facts for programs: of `QUORUM_DISJOINT` the two quorums as `read` and `write`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: QuorumErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Whether `error` is a coded error of this package, of `code` if that is given. */
export const isQuorumError = (error: unknown, code?: QuorumErrorCode): error is QuorumError =>
  error instanceof QuorumError && (code === undefined || error.code === code);
