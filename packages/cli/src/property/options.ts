/** What `synod property` may be told. */
export interface PropertyCommandOptions {
  readonly properties?: string;
  readonly cases?: string;
  readonly role?: string;
  readonly runs: number;
  readonly length: number;
  readonly seed?: number;
  readonly path?: number;
  readonly real?: boolean;
  readonly roundTrip: boolean;
  readonly errors: boolean;
  /** A path; false: none. */
  readonly save?: string | boolean;
  readonly json?: boolean;
}
