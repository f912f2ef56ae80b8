import { createHash } from 'node:crypto';
import { type Chart, chartOf, describeError } from '@synod/protocol';
import { createMachine } from 'xstate';
import { statusChart } from '../../chart/status-chart.ts';
import { configOf, sourcesOf } from './config.ts';
import { readDefinition } from './definition.ts';
import { Inference } from './inference.ts';

/** What is known of what an actor runs. */
export interface Blueprint {
  readonly protocol: string;
  readonly chart: Chart;
  /** Undefined of what is no machine, or none that can be read. */
  readonly inference?: Inference;
  /** What the actors that it invokes run, by their ids. */
  readonly sources?: ReadonlyMap<string, string>;
  /** Why a definition could not be read. */
  readonly problem?: string;
}

/** Definitions that are kept, so that a hundred actors of one machine cost one reading. */
const MAX_KEPT = 200;
const kept = new Map<string, Blueprint>();

const status = (protocol: string): Blueprint => ({ protocol, chart: statusChart(protocol) });

/** What `definition`, JSON of `@statelyai/inspect`, defines. */
export function blueprintOf(definition: string | null | undefined, name: string): Blueprint {
  if (definition === undefined || definition === null) return status(name);
  const key = createHash('sha256').update(`${name}\n${definition}`).digest('base64');
  const known = kept.get(key);
  if (known) return known;
  const made = read(definition, name);
  const [oldest] = kept.keys();
  if (kept.size >= MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(key, made);
  return made;
}

function read(text: string, name: string): Blueprint {
  try {
    const definition = readDefinition(text, '(machine)');
    if (!definition) return status(name);
    const chart = chartOf(createMachine(configOf(definition, { for: 'chart' }) as never));
    return { protocol: chart.id, chart, inference: new Inference(definition), sources: sourcesOf(definition) };
  } catch (error) {
    return { ...status(name), problem: `the definition of ${name} cannot be read: ${describeError(error)}` };
  }
}
