import type { Model, Specification } from '@synod/protocol';
import { usage } from './options.ts';

/** The protocols that come with Synod, each loaded when it is asked for. */
const SPECIFICATIONS: Readonly<Record<string, () => Promise<{ readonly specification: Specification }>>> = {
  raft: () => import('@synod/machines/raft'),
  'multi-paxos': () => import('@synod/machines/multi-paxos'),
  'two-phase-commit': () => import('@synod/machines/two-phase-commit'),
};

/** Shorter names. */
const ALIASES: Readonly<Record<string, string>> = { '2pc': 'two-phase-commit' };

export const specificationNames = (): string[] => Object.keys(SPECIFICATIONS);

/**
 * The specification of a protocol.
 * @throws SynodError `USAGE` when there is none of that name.
 */
export async function loadSpecification(name: string): Promise<Specification> {
  const load = SPECIFICATIONS[ALIASES[name] ?? name];
  if (!load) throw usage(`There is no protocol "${name}"; choose one of ${specificationNames().join(', ')}.`);
  return (await load()).specification;
}

/**
 * A model of a specification, by default its first.
 * @throws SynodError `USAGE` when there is none of that name.
 */
export function modelOf({ name, models }: Specification, wanted: string | undefined): Model {
  const model = wanted === undefined ? models[0] : models.find((each) => each.name === wanted);
  if (model) return model;
  throw usage(
    `${name} has no model "${wanted ?? ''}"; choose one of ${models.map((each) => each.name).join(', ') || '(it has none)'}.`,
  );
}
