import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createPayloads, loadMachine, type PayloadOptions, type Payloads } from '@synod/testgen';
import type { AnyStateMachine } from 'xstate';

/** As seen from the built bench. */
const EXAMPLES = new URL('../../../../examples/src/', import.meta.url);

/** A machine to generate tests for, with the values that both are given. */
export interface Measured {
  readonly machine: AnyStateMachine;
  readonly payloads: Payloads;
}

/** Values of one event, in one state. */
export const VALUES = 8;
/** Distinct states after which Synod gives up, and steps after which `@xstate/graph` does: about as much. */
export const LIMIT = 20_000;
export const STEPS = 200_000;

export const exampleNames = (): readonly string[] => readdirSync(EXAMPLES).map((file) => file.replace(/\.ts$/, ''));

export async function example(name: string): Promise<Measured> {
  const { machine, exports } = await loadMachine(fileURLToPath(new URL(`${name}.ts`, EXAMPLES)));
  return { machine, payloads: createPayloads(machine, { seed: 1, ...(exports.cases as PayloadOptions | undefined) }) };
}
