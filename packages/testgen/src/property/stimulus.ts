import { assert } from '@synod/protocol';
import type { Stimulus, TestStep } from '../test-case.ts';

/** What was done in a step, without what was seen. */
export function stimulusOf(step: TestStep): Stimulus {
  if ('send' in step) return { send: step.send };
  if ('wait' in step) return { wait: step.wait };
  if ('done' in step) return 'output' in step ? { done: step.done, output: step.output } : { done: step.done };
  if ('fail' in step) return 'error' in step ? { fail: step.fail, error: step.error } : { fail: step.fail };
  if ('relay' in step) return { relay: step.relay, event: step.event };
  assert('next' in step, 'a step does something');
  return { next: step.next, value: step.value };
}
