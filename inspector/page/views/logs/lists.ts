/** A list as a trace tells it: of a long one, how many are left out before the items that are told. */
export interface ToldList {
  readonly hidden: number;
  readonly items: readonly unknown[];
}

/** Reads a list that may have been cut: then its first item says how much was. Undefined for what is no list. */
export function listOf(value: unknown): ToldList | undefined {
  if (!Array.isArray(value)) return undefined;
  const [first] = value as unknown[];
  const hidden = typeof first === 'string' ? first.match(/^… (\d{1,15}) more$/)?.[1] : undefined;
  return hidden === undefined ? { hidden: 0, items: value } : { hidden: Number(hidden), items: value.slice(1) };
}

/** The texts of a list, as far as they are told. */
export const textsOf = (value: unknown): readonly string[] =>
  (listOf(value)?.items ?? []).filter((item) => typeof item === 'string');

export const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
