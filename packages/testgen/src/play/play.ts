import { SynodError } from '@synod/protocol';
import type { Adapter, Implementation } from '../implementation.ts';
import type { Expectation, Stimulus, TestCase, TestStep } from '../test-case.ts';
import { shown, shownFlat } from '../write/literal.ts';
import { type Deviation, Known } from './compare.ts';
import { StepFailed } from './failure.ts';

/** What is played of a test case. */
export type Played = Omit<TestCase, 'name'>;

/**
 * Plays a test: starts the implementation, takes its steps, and after each compares by value what is to be seen with what is expected.
 * The implementation is stopped at the end, whatever the end is.
 * @throws StepFailed at the first step that comes to something else.
 * @throws SynodError `ADAPTER_INCOMPLETE` when a step calls for what the implementation cannot do.
 */
export async function play(adapter: Adapter, testCase: Played): Promise<void> {
  const implementation = await adapter();
  try {
    const known = new Known();
    await implementation.start(testCase.input);
    judge(known, testCase.start ?? {}, await implementation.observe(), 0, 'start');
    for (const [index, step] of testCase.steps.entries()) {
      await stimulate(implementation, step);
      judge(known, expectationOf(step), await implementation.observe(), index + 1, describeStimulus(step));
    }
  } finally {
    await implementation.stop?.();
  }
}

/** A stimulus in a few words, for example `send SUBMIT` or `pay ends with { paid: true }`. */
export function describeStimulus(stimulus: Stimulus): string {
  if ('send' in stimulus) return `send ${shownFlat(stimulus.send)}`;
  if ('wait' in stimulus) return `wait ${stimulus.wait} ms`;
  if ('done' in stimulus) return `${stimulus.done} ends with ${shownFlat(stimulus.output)}`;
  if ('fail' in stimulus) return `${stimulus.fail} fails with ${shownFlat(stimulus.error)}`;
  if ('relay' in stimulus) return `${stimulus.relay} tells ${shownFlat(stimulus.event)}`;
  return `${stimulus.next} has the next value ${shownFlat(stimulus.value)}`;
}

/** What a step expects: without what it hands to an actor. */
function expectationOf({ result, ...step }: TestStep): Expectation {
  const { output: _, ...expected } = step as Stimulus & Expectation;
  return result === undefined ? expected : { ...expected, output: result };
}

async function stimulate(implementation: Implementation, step: Stimulus): Promise<void> {
  if ('send' in step) {
    if (!implementation.send) throw incomplete('send', 'sends events');
    await implementation.send(step.send);
  } else if ('wait' in step) {
    if (!implementation.wait) throw incomplete('wait', 'lets time pass');
    await implementation.wait(step.wait);
  } else if ('done' in step) {
    if (!implementation.done) throw incomplete('done', `ends the actor "${step.done}"`);
    await implementation.done(step.done, step.output);
  } else if ('fail' in step) {
    if (!implementation.fail) throw incomplete('fail', `fails the actor "${step.fail}"`);
    await implementation.fail(step.fail, step.error);
  } else if ('relay' in step) {
    if (!implementation.relay) throw incomplete('relay', `lets the actor "${step.relay}" speak`);
    await implementation.relay(step.relay, step.event);
  } else {
    if (!implementation.next) throw incomplete('next', `gives the actor "${step.next}" its next value`);
    await implementation.next(step.next, step.value);
  }
}

const incomplete = (method: string, what: string): SynodError =>
  new SynodError('ADAPTER_INCOMPLETE', `The test ${what}, and the adapter has no "${method}"; add it to the adapter.`);

function judge(known: Known, expected: Expectation, observed: Expectation, step: number, what: string): void {
  const deviations = known.judge(expected, observed);
  const [first] = deviations;
  if (!first) return;
  const where = step === 0 ? 'At the start' : `Step ${step}, ${what}`;
  throw new StepFailed(`${where}:${deviations.map(describe).join('')}`, {
    step,
    field: deviations.map(({ field }) => field).join(', '),
    expected: deviations.length === 1 ? first.expected : fieldsOf(deviations, 'expected'),
    actual: deviations.length === 1 ? first.actual : fieldsOf(deviations, 'actual'),
  });
}

const describe = ({ field, expected, actual }: Deviation): string =>
  `\n  ${field}: expected ${shown(expected)}, and it is ${shown(actual)}`;

const fieldsOf = (deviations: readonly Deviation[], which: 'expected' | 'actual'): Record<string, unknown> =>
  Object.fromEntries(deviations.map((deviation) => [deviation.field, deviation[which]]));
