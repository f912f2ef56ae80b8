import type { Specification } from '@synod/protocol';
import {
  casesOf,
  createPayloads,
  createSubject,
  type Exports,
  loadExport,
  loadMachine,
  type PayloadOptions,
  type Payloads,
  type Sometimes,
  type Subject,
  type Subjects,
} from '@synod/testgen';
import { usage } from '../options.ts';
import { isSpecificationName, loadSpecification, referenceOf } from '../specifications.ts';

/** A machine to generate tests for, and where its values come from. */
export interface Source {
  readonly subject: Subject;
  readonly payloads: Payloads;
  readonly sometimes: readonly Sometimes[];
  readonly subjects: Subjects;
  /** Whether it is a role of a protocol: what its own assertions refuse is then no finding. */
  readonly isProtocol: boolean;
  /** What the machine's module exports beside it. */
  readonly beside: Exports;
  /** Remarks for people. */
  readonly notes: readonly string[];
}

/** What decides about the values. */
export interface SourceOptions {
  readonly role?: string;
  readonly cases?: string;
  readonly seed: number;
}

/** The machine that a command line names: an export of a module, or a role of a protocol. */
export const sourceOf = (machine: string, options: SourceOptions): Promise<Source> =>
  options.role !== undefined || isSpecificationName(machine) ? roleOf(machine, options) : exportOf(machine, options);

async function roleOf(name: string, { role, cases }: SourceOptions): Promise<Source> {
  if (cases !== undefined) throw usage('The cases of a protocol come from its specification; leave --cases out.');
  const specification = await loadSpecification(name);
  const chosen = role ?? onlyRole(specification);
  const { subject, payloads, sometimes } = casesOf(specification, chosen);
  const { module } = referenceOf(name);
  return {
    subject,
    payloads,
    sometimes,
    subjects: { module, name: 'specification', role: chosen },
    isProtocol: true,
    beside: {},
    notes: [],
  };
}

/** @throws SynodError `USAGE` where a protocol has several roles. */
export function onlyRole({ name, roles }: Specification): string {
  const [first, ...others] = Object.keys(roles);
  if (first !== undefined && others.length === 0) return first;
  throw usage(`${name} has several roles; choose one with --role: ${[first, ...others].join(', ')}.`);
}

async function exportOf(text: string, { seed, cases }: SourceOptions): Promise<Source> {
  const { machine, exports, file, name, isOnly } = await loadMachine(text);
  const beside = isOnly ? exports.cases : undefined;
  const given = ((cases === undefined ? beside : await loadExport(cases)) ?? {}) as PayloadOptions;
  const payloads = createPayloads(machine, { seed, ...given });
  return {
    subject: createSubject(machine),
    payloads,
    sometimes: [],
    subjects: { module: file, name },
    isProtocol: false,
    beside: exports,
    notes: payloads.notes,
  };
}
