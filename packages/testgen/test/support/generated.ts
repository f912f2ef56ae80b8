import type { AnyStateMachine, EventObject } from 'xstate';
import { type Generated, type GenerateOptions, generateTests } from '../../src/generate.ts';
import type { CoverageKind } from '../../src/targets/target.ts';
import { tablePayloads } from './payloads.ts';

/** Tests of a machine, with events from a table. */
export const generated = (
  machine: AnyStateMachine,
  coverage: readonly CoverageKind[] = ['transitions'],
  events: Readonly<Record<string, readonly EventObject[]>> = {},
  options: GenerateOptions = {},
): Generated => generateTests(machine, { coverage, payloads: tablePayloads(events), ...options });
