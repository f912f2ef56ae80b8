import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isSynodError, type Model, type Specification } from '@synod/protocol';
import type { SpecificationReference } from '@synod/simulator';
import { usage } from './options.ts';

/** The protocols that come with Synod, each loaded when it is asked for. */
const NAMES = [
  'raft',
  'multi-paxos',
  'paxos',
  'two-phase-commit',
  'three-phase-commit',
  'heartbeat-detector',
  'phi-accrual',
  'swim',
  'gossip',
] as const;

/** Shorter names. */
const ALIASES: Readonly<Record<string, string>> = { '2pc': 'two-phase-commit', '3pc': 'three-phase-commit' };

/** Whether one of Synod's own protocols is called so. */
export const isSpecificationName = (name: string): boolean => NAMES.some((each) => each === (ALIASES[name] ?? name));

export const specificationNames = (): readonly string[] => NAMES;

/**
 * Where a protocol's specification is found: one of Synod's by name, or a module of somebody's own by path.
 * @throws SynodError `USAGE` when there is neither.
 */
export function referenceOf(name: string): SpecificationReference {
  const known = ALIASES[name] ?? name;
  if (NAMES.some((each) => each === known)) return { module: `@synod/machines/${known}`, from: import.meta.url };
  const path = resolve(name);
  if (/[./\\]/.test(name) && existsSync(path)) return { module: path };
  throw usage(
    `There is no protocol "${name}"; choose one of ${NAMES.join(', ')}, or give the path of a module that exports "specification".`,
  );
}

/**
 * The specification of a protocol.
 * @throws SynodError `USAGE` when there is none of that name, `SPECIFICATION_NOT_FOUND` when its module cannot be loaded.
 */
export async function loadSpecification(name: string): Promise<Specification> {
  const reference = referenceOf(name);
  const { loadSpecification: load } = await import('@synod/simulator');
  return load(reference);
}

/** All of Synod's own; of one that cannot be loaded, why: it keeps nobody from the others. */
export function loadAll(): Promise<readonly (Specification | { readonly name: string; readonly refused: string })[]> {
  return Promise.all(
    NAMES.map((name) =>
      loadSpecification(name).catch((error: unknown) => {
        if (!isSynodError(error)) throw error;
        return { name, refused: error.message };
      }),
    ),
  );
}

/**
 * A model of a specification, by default its first; where a partition is asked for, its first with one.
 * @throws SynodError `USAGE` when there is none of that name.
 */
export function modelOf({ name, models }: Specification, wanted: string | undefined, partition = false): Model {
  const parted = partition ? models.find(hasPartition) : undefined;
  const model = wanted === undefined ? (parted ?? models[0]) : models.find((each) => each.name === wanted);
  if (model) return model;
  throw usage(
    `${name} has no model "${wanted ?? ''}"; choose one of ${models.map((each) => each.name).join(', ') || '(it has none)'}.`,
  );
}

const hasPartition = ({ configure, nodes }: Model): boolean => (configure(nodes.default).faults?.partitions ?? 0) > 0;
