import type { AnyStateMachine } from 'xstate';
import type { Subject } from '../subject.ts';
import { describeFailure } from './describe.ts';
import { type Explored, type ExploreOptions, explore } from './explore.ts';

/**
 * A property test for Vitest or any other runner: explores the machine, and throws if a promise is broken, with the steps that show it.
 *
 * ```ts
 * it('keeps its promises', () => propertyTest(checkoutMachine, { properties, runs: 200 }));
 * ```
 * @throws Error naming the broken promise, and what `explore` throws.
 */
export async function propertyTest(
  machine: AnyStateMachine | Subject,
  options: ExploreOptions = {},
): Promise<Explored> {
  const explored = await explore(machine, options);
  const { failure, seed } = explored;
  if (!failure) return explored;
  throw new Error([...describeFailure(failure), `Seed ${seed}, path ${failure.path}.`].join('\n'));
}
