import type { Specification } from '@synod/protocol';
import { loadSpecification, type SpecificationReference } from './load.ts';
import type { SimulateOptions } from './options.ts';
import { runSeeds, type SeedRange, type SeedsResult } from './seeds.ts';

/** A thread's share of a swarm. */
export interface Task {
  readonly reference: SpecificationReference;
  readonly seeds: SeedRange;
  readonly options: Omit<SimulateOptions, 'seed' | 'trace'>;
}

const specifications = new Map<string, Promise<Specification>>();

/** Runs some seeds in a worker thread. */
export async function runTask({ reference, seeds, options }: Task): Promise<SeedsResult> {
  const key = JSON.stringify(reference);
  const loading = specifications.get(key) ?? loadSpecification(reference);
  specifications.set(key, loading);
  return runSeeds(await loading, seeds, options);
}
