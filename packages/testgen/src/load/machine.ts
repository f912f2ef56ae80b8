import { isMachine, SynodError } from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import { type Exports, exportOf, loadModule } from './module.ts';
import { referenceOf } from './reference.ts';

/** A machine of a user's module. */
export interface LoadedMachine {
  readonly machine: AnyStateMachine;
  /** Absolute. */
  readonly file: string;
  /** Of the export. */
  readonly name: string;
  /** All that the module exports. */
  readonly exports: Exports;
  /** Whether it is the only machine of its module: what else that exports is then about it. */
  readonly isOnly: boolean;
}

/**
 * The machine that `./checkout.ts#checkoutMachine` names; `./checkout.ts` alone means its only one.
 * @throws SynodError `MODULE_NOT_FOUND`, `MODULE_INVALID`, `MODULE_THREW`, `EXPORT_NOT_FOUND`, `NOT_A_MACHINE`, `MACHINE_V4`.
 */
export async function loadMachine(text: string): Promise<LoadedMachine> {
  const { file, name: wanted } = referenceOf(text);
  const exports = await loadModule(file);
  const name = wanted ?? onlyMachine(exports, file);
  const value = exportOf(exports, { file, name });
  if (isMachine(value)) return { machine: value, file, name, exports, isOnly: machinesOf(exports).length === 1 };
  throw refusal(value, `${name} of ${file}`);
}

/** The names of a module's machines, each once. */
function machinesOf(exports: Exports): readonly string[] {
  // A default export is often one of the others under a second name: that tells more.
  const names = Object.entries(exports).sort(([a], [b]) => Number(b === 'default') - Number(a === 'default'));
  return [...new Map(names.map(([name, value]) => [value, name] as const))]
    .filter(([value]) => isMachine(value) || isMachineV4(value))
    .map(([, name]) => name);
}

/** The export of the only machine. */
function onlyMachine(exports: Exports, file: string): string {
  const found = machinesOf(exports);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  if (only === undefined)
    throw new SynodError(
      'NOT_A_MACHINE',
      `${file} exports no XState v5 machine; export what createMachine has made.${hint(exports)}`,
    );
  throw new SynodError(
    'EXPORT_NOT_FOUND',
    `${file} exports several machines; name one: ${found.map((name) => `${file}#${name}`).join(', ')}.`,
  );
}

function refusal(value: unknown, what: string): SynodError {
  if (isMachineV4(value))
    return new SynodError(
      'MACHINE_V4',
      `${what} is a machine of XState v4; bring it to v5 (https://stately.ai/docs/migration), for v4 machines cannot be driven.`,
    );
  if (hasLogic(value))
    return new SynodError('NOT_A_MACHINE', `${what} is a running actor; export the machine that it was created from.`);
  if (typeof value === 'function')
    return new SynodError(
      'NOT_A_MACHINE',
      `${what} is a function; export the machine that it makes, as in export const machine = ${value.name || 'make'}().`,
    );
  return new SynodError(
    'NOT_A_MACHINE',
    `${what} is no XState v5 machine; name an export that createMachine has made.`,
  );
}

const hint = (exports: Exports): string => {
  const names = Object.keys(exports);
  return names.length === 0 ? '' : ` It exports ${names.join(', ')}.`;
};

const hasLogic = (value: unknown): boolean => typeof value === 'object' && value !== null && 'logic' in value;

const isMachineV4 = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'withContext' in value && 'withConfig' in value;
