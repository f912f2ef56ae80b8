import type { Expectation, TestStep } from '../test-case.ts';
import { type Helper, layOut, literal, type Unwritable } from './literal.ts';

/** Fields of a step that are handed to the machine: they must be made again, and not only be recognised. */
const HANDED: ReadonlySet<string> = new Set([
  'send',
  'wait',
  'done',
  'fail',
  'relay',
  'next',
  'output',
  'error',
  'event',
  'value',
]);

/** Collects what the source of a file needs and could not say. */
export class Source {
  readonly helpers = new Set<Helper>();
  /** What cannot be written, and is not looked at therefore. */
  readonly overlooked: Unwritable[] = [];

  /** A value that is handed to the machine; what cannot be made again is listed in `into`. */
  handed(value: unknown, place: string, indent: number, before: number, into: Unwritable[]): string {
    const { text, unwritable, helpers } = literal(value, { place, indent, before });
    for (const helper of helpers) this.helpers.add(helper);
    into.push(...unwritable);
    return text;
  }

  expected(value: unknown, place: string, indent: number, before: number): string {
    const { text, unwritable, helpers } = literal(value, { place, indent, before, expected: true });
    for (const helper of helpers) this.helpers.add(helper);
    this.overlooked.push(...unwritable);
    return text;
  }
}

/** A step as a literal, on one line where it fits. */
export function stepText(step: TestStep, source: Source, indent: number, into: Unwritable[]): string {
  const items = Object.entries(step).map(([key, value]) => {
    const before = indent + 4 + key.length;
    const text = HANDED.has(key)
      ? source.handed(value, key, indent + 2, before, into)
      : source.expected(value, key, indent + 2, before);
    return `${key}: ${text}`;
  });
  return layOut({ open: '{', items, close: '}', spaced: true }, indent, indent);
}

/** An expectation as a literal. */
export function expectationText(expectation: Expectation, source: Source, indent: number, before: number): string {
  const items = Object.entries(expectation).map(
    ([key, value]) => `${key}: ${source.expected(value, key, indent + 2, indent + 4 + key.length)}`,
  );
  return layOut({ open: '{', items, close: '}', spaced: true }, indent, before);
}
