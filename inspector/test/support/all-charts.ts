import { readdirSync } from 'node:fs';
import { type Chart, chartOf, type Specification } from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import { hostile, nested, parallel, raftLike, ring, single, sixty } from './machines.ts';

const url = (path: string): URL => new URL(`../../../${path}`, import.meta.url);

/** Every chart of this repository: of all roles of all protocols, of the examples, and those that are made to be hard to draw. */
export async function allCharts(): Promise<ReadonlyMap<string, Chart>> {
  const charts = new Map<string, Chart>();
  for (const folder of folders('machines/src')) {
    const { specification }: { readonly specification?: Specification } = await import(
      url(`machines/src/${folder}/index.ts`).href
    );
    for (const [role, { machine }] of Object.entries(specification?.roles ?? {}))
      charts.set(`${folder} ${role}`, chartOf(machine));
  }
  for (const file of readdirSync(url('packages/examples/src'))) {
    const exported: Record<string, unknown> = await import(url(`packages/examples/src/${file}`).href);
    for (const [name, value] of Object.entries(exported))
      if (isMachine(value)) charts.set(`${file} ${name}`, chartOf(value));
  }
  const hard = { hostile, nested, parallel, raftLike, ring: ring(14), single, sixty };
  for (const [name, machine] of Object.entries(hard)) charts.set(name, chartOf(machine));
  return charts;
}

const folders = (path: string): string[] =>
  readdirSync(url(path), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));

const isMachine = (value: unknown): value is AnyStateMachine =>
  typeof value === 'object' && value !== null && 'root' in value && 'implementations' in value;
