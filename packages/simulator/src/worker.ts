import { isSynodError, type Specification } from '@synod/protocol';
import { loadSpecification, type SpecificationReference } from './load.ts';
import type { SimulateOptions } from './options.ts';
import { runSeeds, type SeedRange, type SeedsResult } from './seeds.ts';

/** What can go from thread to thread; functions cannot. */
export type TaskOptions = Omit<SimulateOptions, 'seed' | 'trace' | 'onEmit'>;

/** A thread's share of a swarm. */
export interface Task {
  readonly reference: SpecificationReference;
  readonly seeds: SeedRange;
  readonly options: TaskOptions;
}

const specifications = new Map<string, Promise<Specification>>();

/** What a thread comes to: a coded error as data, since of an error only the message gets through. */
export type TaskResult =
  | { readonly seeds: SeedsResult }
  | { readonly refused: { readonly code: string; readonly message: string } };

/** Runs some seeds in a worker thread. */
export async function runTask({ reference, seeds, options }: Task): Promise<TaskResult> {
  const key = JSON.stringify(reference);
  const loading = specifications.get(key) ?? loadSpecification(reference);
  specifications.set(key, loading);
  try {
    return { seeds: runSeeds(await loading, seeds, options) };
  } catch (error) {
    if (isSynodError(error)) return { refused: { code: error.code, message: error.message } };
    throw error;
  }
}
