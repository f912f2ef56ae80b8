import { SynodError } from '@synod/protocol';

/** What a step of a script did not come to. */
export function notAsExpected(step: number, what: string, field: string, expected: unknown, actual: unknown): never {
  throw new ClusterStepFailed(step, what, field, expected, actual);
}

/** A step of a cluster test that did not come to what was expected. `expected` and `actual` are what test runners draw a difference from. */
export class ClusterStepFailed extends SynodError {
  /** From 1; 0 is the start. */
  readonly step: number;
  readonly field: string;
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(step: number, what: string, field: string, expected: unknown, actual: unknown) {
    const where = step === 0 ? 'At the start' : `In step ${step}, ${what},`;
    const sentence = `${where} ${field} is not what the model says; look whether machine or model was changed by mistake, else generate the tests anew.`;
    super('CLUSTER_STEP_FAILED', sentence, { details: { step, field } });
    this.step = step;
    this.field = field;
    this.expected = expected;
    this.actual = actual;
  }
}

/** The script speaks of something that is not there. */
export const notPossible = (step: number, what: string): SynodError =>
  new SynodError(
    'CLUSTER_STEP_IMPOSSIBLE',
    `Step ${step} cannot be taken: ${what}; look whether machine or model was changed by mistake, else generate the tests anew.`,
    { details: { step } },
  );

/** Something that must come did not come in time. */
export const notInTime = (what: string, ms: number): SynodError =>
  new SynodError(
    'CLUSTER_TEST_TIMEOUT',
    `${what} within ${ms} ms; look whether this computer is overloaded, or raise deadlineMs.`,
  );

/** A member ended in failure, or refused what it was sent. */
export const broken = (text: string): SynodError => new SynodError('CLUSTER_MEMBER_FAILED', text);
