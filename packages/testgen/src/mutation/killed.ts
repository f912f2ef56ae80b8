import { AssertionError, canonical, isSynodError } from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import type { Subject, Taken, World } from '../subject.ts';
import type { TestCase } from '../test-case.ts';
import { subjectOf } from '../world/subject.ts';

/** A test with what is to be seen at its start and after each of its steps: all of it, and not only what changes. */
export interface Recording<T extends TestCase = TestCase> {
  readonly test: T;
  readonly seen: readonly string[];
}

/** What the right machine shows in each test. */
export function record<T extends TestCase>(subject: Subject, tests: readonly T[]): readonly Recording<T>[] {
  return tests.map((test) => {
    const seen: string[] = [];
    replay(subject, test, (each) => {
      seen.push(each);
      return true;
    });
    return { test, seen };
  });
}

/** The first of the tests that a machine fails, and at which step, 0 being its start; undefined where it passes all. */
export function killedBy<T extends TestCase>(
  machine: AnyStateMachine | Subject,
  recordings: readonly Recording<T>[],
): { readonly test: T; readonly step: number } | undefined {
  const subject = subjectOf(machine);
  for (const { test, seen } of recordings) {
    let step = 0;
    const passed = replay(subject, test, (each) => each === seen[step] && ++step > 0);
    if (!passed) return { test, step };
  }
  return undefined;
}

/** Takes a test's steps as long as `judge` likes what is to be seen. Returns whether it did to the end. */
function replay(subject: Subject, test: TestCase, judge: (seen: string) => boolean): boolean {
  let world: World | undefined;
  for (const step of [undefined, ...test.steps]) {
    const before = world;
    const taken = attempt(() => (step && before ? subject.step(before, step) : subject.start(test.input)));
    if (!judge(typeof taken === 'string' ? taken : canonical(taken.seen))) return false;
    if (typeof taken === 'string') return true;
    world = taken.world;
  }
  return true;
}

/** A step, or the code of what a machine threw instead. */
export function attempt(take: () => Taken): Taken | string {
  try {
    return take();
  } catch (error) {
    if (isSynodError(error)) return error.code;
    if (error instanceof AssertionError) return 'ASSERTION_BROKEN';
    throw error;
  }
}
