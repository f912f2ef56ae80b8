/** What a coded error may carry beside its sentence. */
export interface SynodErrorOptions {
  /**
   * Whether the failed operation certainly had no effect (true, the default) or may still take effect (false),
   * as a request that timed out may. Only a definite failure may be retried blindly.
   */
  readonly definite?: boolean;
  /** The error underneath. */
  readonly cause?: unknown;
  /** Facts for machines: sizes, limits, names. Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * What a network, a disk or a user can cause: an error with a stable `code` and one sentence that says what to do.
 * A programmer's error is an `AssertionError` instead.
 */
export class SynodError extends Error {
  override readonly name = 'SynodError';
  /** Stable, upper-case with underscores, for example `FRAME_TOO_LARGE`. */
  readonly code: string;
  readonly definite: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: SynodErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.definite = options.definite ?? true;
    this.details = options.details ?? {};
  }
}

/** Whether `error` is a coded error, of `code` if that is given. */
export const isSynodError = (error: unknown, code?: string): error is SynodError =>
  error instanceof SynodError && (code === undefined || error.code === code);

/** An unknown thrown value as one line of text. Anything may be thrown, so this never throws itself. */
export function describeError(error: unknown): string {
  try {
    if (isSynodError(error)) return `${error.code}: ${error.message}`;
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'an error that cannot be told';
  }
}
