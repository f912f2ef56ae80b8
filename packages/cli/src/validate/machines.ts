import { isMachine, isProtocol, type Protocol, type Specification } from '@synod/protocol';
import { loadExport, loadMachine, loadModule, referenceOf } from '@synod/testgen';
import type { Judged } from '@synod/validator';
import type { AnyStateMachine } from 'xstate';
import { usage } from '../options.ts';
import { isSpecificationName, loadSpecification, specificationNames } from '../specifications.ts';

/** The store of `synod run kv`: Raft, with its own state machine. */
const STORE = 'kv';

/**
 * By what a trace is judged. Names are Synod's protocols, `kv` for the store of `synod run kv`, or modules: those that export
 * `specification`, or `MODULE#EXPORT` for a specification, a protocol or a machine. `about` is the header of the trace, which may say whose it is.
 * @throws SynodError `USAGE`, `SPECIFICATION_NOT_FOUND`, and as `loadMachine`.
 */
export async function machinesOf(
  names: readonly string[],
  about: Readonly<Record<string, unknown>>,
): Promise<readonly Judged[]> {
  const told = [about.machine, about.protocol].find((each) => typeof each === 'string') as string | undefined;
  if (names.length === 0 && told === undefined)
    throw usage('The trace does not say whose it is; name its machine with --machine.');
  const wanted = names.length > 0 ? names : [told as string];
  // The store runs Raft: asked for that, its trace is judged by the Raft that it ran.
  const meant = wanted.map((name) => (name === 'raft' && about.machine === STORE ? STORE : name));
  return Promise.all([...new Set(meant)].map(machineOf));
}

async function machineOf(name: string): Promise<Judged> {
  if (name === STORE) return store();
  if (isSpecificationName(name)) return loadSpecification(name);
  if (!/[./\\#]/.test(name))
    throw usage(
      `There is no machine "${name}"; choose one of ${[STORE, ...specificationNames()].join(', ')}, or give MODULE#EXPORT.`,
    );
  const { name: wanted, file } = referenceOf(name);
  const judged = judgedOf(wanted === undefined ? await protocolOf(file) : await loadExport(name));
  return judged ?? judgedMachine((await loadMachine(name)).machine);
}

/** A module's protocol goes before a machine that it exports as well. */
async function protocolOf(file: string): Promise<unknown> {
  const all = await loadModule(file);
  return all.specification ?? all.protocol;
}

function judgedOf(value: unknown): Judged | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('roles' in value) return value as Specification;
  if (isMachine(value)) return judgedMachine(value);
  return isProtocol(value as Protocol) ? (value as Protocol) : undefined;
}

const judgedMachine = (machine: AnyStateMachine): Judged => ({
  name: 'machine',
  machine,
  messages: {},
  durable: [],
  properties: [],
});

async function store(): Promise<Protocol> {
  const [{ raft }, { kvStore }] = await Promise.all([import('@synod/machines/raft'), import('@synod/kv')]);
  return raft(kvStore) as unknown as Protocol;
}
