import type { Specification } from '@synod/protocol';
import {
  casesOf,
  createPayloads,
  createSubject,
  type Exports,
  loadExport,
  loadMachine,
  type MachineProperty,
  type PayloadOptions,
  type Payloads,
  type Subject,
} from '@synod/testgen';
import { usage } from '../options.ts';
import { isSpecificationName, loadSpecification } from '../specifications.ts';

/** A machine to explore, with its properties and values. */
export interface Source {
  readonly subject: Subject;
  readonly properties: readonly MachineProperty[];
  readonly payloads: Payloads;
  /** Whether it is a role of a protocol: hosts keep its durable fields, and do not persist snapshots. */
  readonly isProtocol: boolean;
}

export interface SourceOptions {
  readonly properties?: string;
  readonly cases?: string;
  readonly role?: string;
}

/** The machine that a command line names: an export of a module, or a role of a protocol. */
export async function sourceOf(text: string, seed: number, options: SourceOptions): Promise<Source> {
  if (options.role !== undefined || isSpecificationName(text)) return roleOf(text, options);
  const { machine, exports } = await loadMachine(text);
  const given = ((options.cases === undefined ? exports.cases : await loadExport(options.cases)) ??
    {}) as PayloadOptions;
  return {
    subject: createSubject(machine),
    properties: await propertiesOf(options.properties, exports),
    payloads: createPayloads(machine, { seed, ...given }),
    isProtocol: false,
  };
}

/** Those that were asked for, else those that the machine's module exports beside it. */
const propertiesOf = async (wanted: string | undefined, beside: Exports): Promise<readonly MachineProperty[]> =>
  ((wanted === undefined ? beside.properties : await loadExport(wanted)) ?? []) as readonly MachineProperty[];

async function roleOf(name: string, { role, cases, properties }: SourceOptions): Promise<Source> {
  if (cases !== undefined) throw usage('The cases of a protocol come from its specification; leave --cases out.');
  const specification = await loadSpecification(name);
  const { subject, payloads } = casesOf(specification, role ?? onlyRole(specification));
  return {
    subject,
    properties: properties === undefined ? [] : ((await loadExport(properties)) as readonly MachineProperty[]),
    payloads,
    isProtocol: true,
  };
}

function onlyRole({ name, roles }: Specification): string {
  const [first, ...others] = Object.keys(roles);
  if (first !== undefined && others.length === 0) return first;
  throw usage(`${name} has several roles; choose one with --role: ${[first, ...others].join(', ')}.`);
}
