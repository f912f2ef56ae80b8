/** A step of a test that did not come to what was expected. `expected` and `actual` are what test runners draw a difference from. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  /** From 1; 0 is the start. */
  readonly step: number;
  /** The field of the expectation: `state`, `context.amount`, `actions`. */
  readonly field: string;
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(message: string, about: { step: number; field: string; expected: unknown; actual: unknown }) {
    super(message);
    this.step = about.step;
    this.field = about.field;
    this.expected = about.expected;
    this.actual = about.actual;
  }
}
