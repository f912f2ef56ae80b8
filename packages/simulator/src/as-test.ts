import { optionsOfReplay, type ReplayFile } from './replay.ts';

export interface AsTestOptions {
  /** What the test imports the specification from. Default `@synod/machines/PROTOCOL`. */
  readonly module?: string;
}

/**
 * A Vitest test of the run in a replay file. It fails for as long as the run breaks what it broke; of a mutant, for as long as the
 * mistake is not found.
 */
export function asTest(file: ReplayFile, { module = `@synod/machines/${file.protocol}` }: AsTestOptions = {}): string {
  const { mutant, seed, violation } = file;
  const property = violation?.property ?? 'what it promises';
  const mustFail = mutant !== undefined && violation !== undefined;
  const title = !mustFail
    ? `keeps ${property} with seed ${seed}`
    : `finds mutant ${mutant} with seed ${seed}: ${property}`;
  const expectation = !mustFail
    ? `expect(violations).toEqual([]);`
    : `expect(violations.map(({ property }) => property)).toContain(${quoted(property)});`;
  return `import { simulate } from '@synod/simulator';
import { expect, it } from 'vitest';
import { specification } from ${quoted(module)};

${violation ? `// ${oneLine(violation.message)} At ${violation.atMs} ms of simulated time.\n` : ''}it(${quoted(title)}, () => {
  const { violations } = simulate(specification, ${literal(optionsOfReplay(file), '  ')});
  ${expectation}
});
`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

const quoted = (text: string): string =>
  `'${JSON.stringify(oneLine(text)).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;

/** A value as a TypeScript literal in this project's style. */
function literal(value: unknown, indent: string): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => literal(item, inner));
    const flat = `[${items.join(', ')}]`;
    return flat.length <= 80 && !flat.includes('\n')
      ? flat
      : `[\n${items.map((item) => `${inner}${item},\n`).join('')}${indent}]`;
  }
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key)}: ${literal(field, inner)}`);
  const flat = `{ ${fields.join(', ')} }`;
  return flat.length <= 80 && !flat.includes('\n')
    ? flat
    : `{\n${fields.map((field) => `${inner}${field},\n`).join('')}${indent}}`;
}
