import type { GeneratedTest } from '../suite/suite.ts';
import { COVERAGE_KINDS } from '../targets/target.ts';
import type { FileContents, LeftOut } from './contents.ts';
import { comment, headerOf } from './header.ts';
import { quoted, type Unwritable } from './literal.ts';
import { expectationText, Source, stepText } from './steps.ts';

/** Where the machine comes from, as a generated file says it. */
export interface Subjects {
  /** What the file imports the machine from: `./checkout.ts`, `@synod/machines/raft`. */
  readonly module: string;
  /** The name of the export, `default` for the default one. */
  readonly name: string;
  /** For a machine that is a role of a specification: the role. */
  readonly role?: string;
}

export interface FileOptions extends Subjects {
  /** The command that generates the file again. */
  readonly command?: string;
}

export interface WrittenFile {
  readonly source: string;
  readonly leftOut: readonly LeftOut[];
}

/** Tests as a Vitest file for people to read. Equal contents give equal bytes. */
export function writeTests(contents: FileContents, options: FileOptions): WrittenFile {
  const source = new Source();
  const leftOut: LeftOut[] = [];
  const shared = new Shared(contents.tests, source);
  const blocks = contents.tests.flatMap((test) => {
    const unwritable: Unwritable[] = [];
    const text = block(test, shared, source, unwritable);
    if (unwritable.length === 0) return [text];
    leftOut.push({ name: test.name, unwritable });
    return [];
  });
  const machine =
    options.role === undefined
      ? importName(options.name)
      : `machineOf(specification, ${quoted(options.role)}), { hosted: true }`;
  const parts = [
    headerOf(contents, leftOut, source.overlooked, options.command),
    `${importsOf(options, source, shared).join('\n')}\n`,
    '// The one line to replace to run these tests against something else: a class, a service, a page.',
    `const adapter = machineAdapter(${machine});\n`,
    ...shared.declarations.map((text) => `${text}\n`),
    blocks.join('\n'),
  ];
  return { source: parts.join('\n'), leftOut };
}

const importName = (name: string): string => (name === 'default' ? 'machine' : name);

function importsOf({ module, name, role }: Subjects, source: Source, shared: Shared): readonly string[] {
  const own = [...source.helpers].filter((helper) => helper === 'instance' || helper === 'anything');
  const values = ['machineAdapter', 'play', ...own, ...(role === undefined ? [] : ['machineOf'])].sort();
  const types = shared.usesExpectation ? ['type Expectation'] : [];
  const lines = [
    { from: '@synod/testgen', text: `{ ${[...types, ...values].join(', ')} }` },
    { from: 'vitest', text: '{ describe, it }' },
    {
      from: module,
      text: role === undefined ? (name === 'default' ? importName(name) : `{ ${name} }`) : '{ specification }',
    },
  ];
  if (source.helpers.has('Sequence')) lines.push({ from: '@synod/protocol', text: '{ Sequence }' });
  if (source.helpers.has('immutable')) lines.push({ from: 'immutable', text: '* as immutable' });
  // As formatters sort them: packages first, then what is near.
  const near = (from: string) => (from.startsWith('.') || from.startsWith('/') ? 1 : 0);
  lines.sort((a, b) => near(a.from) - near(b.from) || (a.from < b.from ? -1 : 1));
  return lines.map(({ from, text }) => `import ${text} from ${quoted(from)};`);
}

/** Inputs and first expectations that several tests have in common, declared once where they are long. */
class Shared {
  usesExpectation = false;
  readonly declarations: string[] = [];
  readonly #names = new Map<string, string>();

  constructor(tests: readonly GeneratedTest[], source: Source) {
    this.#declare(
      'input',
      tests.map((test) => (test.input === undefined ? '' : source.handed(test.input, 'input', 0, 14, []))),
      '',
    );
    const before = this.declarations.length;
    this.#declare(
      'start',
      tests.map(({ start = {} }) => expectationText(start, source, 0, 14)),
      ' satisfies Expectation',
    );
    this.usesExpectation = this.declarations.length > before;
  }

  /** How a value that was declared is called; undefined for one that stands where it is used. */
  nameOf(text: string): string | undefined {
    return this.#names.get(text);
  }

  #declare(base: string, texts: readonly string[], suffix: string): void {
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    const worth = [...counts].filter(([text, count]) => count > 1 && text.length > 30);
    for (const [at, [text]] of worth.entries()) {
      const name = worth.length === 1 ? base : `${base}${at + 1}`;
      this.#names.set(text, name);
      this.declarations.push(`const ${name} = ${text}${suffix};`);
    }
  }
}

function block(test: GeneratedTest, shared: Shared, source: Source, unwritable: Unwritable[]): string {
  const fields: string[] = [];
  if (test.input !== undefined) {
    const name = shared.nameOf(new Source().handed(test.input, 'input', 0, 14, []));
    const text = source.handed(test.input, 'input', 6, 13, unwritable);
    fields.push(field('input', name ?? text, name !== undefined));
  }
  const start = test.start ?? {};
  const name = shared.nameOf(expectationText(start, new Source(), 0, 14));
  fields.push(field('start', name ?? expectationText(start, source, 6, 13), name !== undefined));
  const steps = test.steps.map((step) => `        ${stepText(step, source, 8, unwritable)},\n`);
  fields.push(steps.length === 0 ? '      steps: [],\n' : `      steps: [\n${steps.join('')}      ],\n`);
  const also = COVERAGE_KINDS.flatMap((kind) => {
    const titles = test.also.filter((target) => target.kind === kind).map(({ title }) => title);
    return titles.length === 0 ? [] : [`${kind} ${titles.join('; ')}`];
  });
  return [
    `describe(${quoted(`${test.target.kind}: ${test.target.title}`)}, () => {\n`,
    ...also.map((text) => comment(`Also ${text}.`, '  // ')),
    `  it(${quoted(test.name)}, async () => {\n`,
    `    await play(adapter, {\n${fields.join('')}    });\n`,
    '  });\n',
    '});\n',
  ].join('');
}

const field = (key: string, text: string, isName: boolean): string =>
  isName && text === key ? `      ${key},\n` : `      ${key}: ${text},\n`;
