import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadMachine } from '../../src/load/machine.ts';
import { loadExport } from '../../src/load/module.ts';
import { referenceOf } from '../../src/load/reference.ts';

/** Modules that no compiler or linter should see. */
const written: Readonly<Record<string, string>> = {
  // Enums cannot be loaded by taking types away.
  'colour.ts': "export enum Colour { Red = 'red' }",
  'machines.ts': `
    import { createActor, createMachine } from 'xstate';
    import { createMachine as createMachine4 } from 'xstate4';
    import { Colour } from './colour.ts';

    enum Light {
      Go = 'GO',
    }

    export const light: ReturnType<typeof createMachine> = createMachine({
      id: Colour.Red,
      initial: 'stopped',
      states: { stopped: { on: { [Light.Go]: 'going' } }, going: {} },
    });
    export const actor = createActor(light);
    export const make = () => light;
    export const old = createMachine4({ id: 'old', predictableActionArguments: true, initial: 'a', states: { a: {} } });
    export const nothing = undefined;`,
  'page.tsx': `
    import { createMachine } from 'xstate';
    export const page = createMachine({ id: 'page', initial: 'shown', states: { shown: {} } });
    export const App = () => <main title="page" />;`,
  'broken.ts': 'export const none = ;',
  'throws.ts': "throw new Error('no database');",
  'none.ts': "export const words: readonly string[] = ['no machine here'];",
  'imports-nothing.ts': "import './gone.ts';",
  'imports-no-package.mjs': "import 'a-package-that-nobody-installed';",
};

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
let folder = '';
beforeAll(() => {
  // Beneath this package, so that `xstate` is found from there.
  mkdirSync(join(fixtures, '.written'), { recursive: true });
  folder = mkdtempSync(join(fixtures, '.written', 'load-'));
  for (const [name, text] of Object.entries(written)) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(join(fixtures, '.written'), { recursive: true, force: true }));

const fixture = (reference: string): string =>
  join((reference.split('#')[0] ?? '') in written ? folder : fixtures, reference);

describe('a machine is loaded', () => {
  it.each([
    ['machines.ts#light', 'light', 'red', 'TypeScript with an enum, which no mere stripping of types can load'],
    ['only.mjs', 'door', 'door', 'the only machine of a JavaScript module, whatever else is exported'],
    ['only.mjs#door', 'door', 'door', 'by name'],
    ['common.cjs#lamp', 'lamp', 'lamp', 'CommonJS'],
    ['common.cjs', 'lamp', 'lamp', 'the only machine of a CommonJS module'],
    ['page.tsx', 'page', 'page', 'beside JSX'],
  ])('%s: %s', async (reference, name, id) => {
    const loaded = await loadMachine(fixture(reference));
    expect({ name: loaded.name, id: loaded.machine.id }).toEqual({ name, id });
  });

  it('and is the same for two references to one module', async () => {
    const [one, other] = await Promise.all([
      loadMachine(fixture('machines.ts#light')),
      loadMachine(fixture('machines.ts#light')),
    ]);
    expect(one.machine).toBe(other.machine);
  });
});

describe('what cannot be loaded gets a code and a remedy', () => {
  it.each([
    ['gone.ts#light', 'MODULE_NOT_FOUND', 'give the path of a module'],
    ['.', 'MODULE_NOT_FOUND', 'give the path of a module'],
    ['imports-nothing.ts', 'MODULE_NOT_FOUND', 'imports something that is not there'],
    ['imports-no-package.mjs', 'MODULE_NOT_FOUND', 'Install it'],
    ['broken.ts', 'MODULE_INVALID', 'cannot be read as a module'],
    ['throws.ts', 'MODULE_THREW', 'no database'],
    ['machines.ts#lihgt', 'EXPORT_NOT_FOUND', 'it has'],
    ['machines.ts', 'EXPORT_NOT_FOUND', 'machines.ts#light'],
    ['none.ts', 'NOT_A_MACHINE', 'exports no XState v5 machine'],
    ['none.ts#words', 'NOT_A_MACHINE', 'name an export that createMachine has made'],
    ['machines.ts#actor', 'NOT_A_MACHINE', 'running actor'],
    ['machines.ts#make', 'NOT_A_MACHINE', 'export const machine = make()'],
    ['machines.ts#nothing', 'NOT_A_MACHINE', 'createMachine'],
    ['machines.ts#old', 'MACHINE_V4', 'bring it to v5'],
  ])('%s: %s', async (reference, code, says) => {
    await expect(loadMachine(fixture(reference))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(says),
    });
  });
});

it('any export can be asked for', async () => {
  expect(await loadExport(fixture('only.mjs#words'))).toEqual(['shut', 'open']);
  await expect(loadExport(fixture('none.ts'))).rejects.toMatchObject({ code: 'EXPORT_NOT_FOUND' });
});

it('a file whose own name has a # is taken at its word', () => {
  expect(referenceOf('a.ts#b', '/from')).toEqual({ file: '/from/a.ts', name: 'b' });
  expect(referenceOf('a.ts', '/from')).toEqual({ file: '/from/a.ts', name: undefined });
});
