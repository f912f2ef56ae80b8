import { loadExport, type MachineProperty } from '@synod/testgen';
import {
  type Source as Generated,
  sourceOf as generatedFrom,
  type SourceOptions as Options,
} from '../generate/source.ts';

/** A machine to explore, with its values, and its properties. */
export interface Source extends Generated {
  readonly properties: readonly MachineProperty[];
}

export interface SourceOptions extends Omit<Options, 'seed'> {
  readonly properties?: string;
}

/** The machine that a command line names, with the properties that were asked for, else those that its module exports beside it. */
export async function sourceOf(text: string, seed: number, { properties, ...options }: SourceOptions): Promise<Source> {
  const source = await generatedFrom(text, { ...options, seed });
  const wanted = properties === undefined ? source.beside.properties : await loadExport(properties);
  return { ...source, properties: (wanted ?? []) as readonly MachineProperty[] };
}
