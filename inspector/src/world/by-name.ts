const { compare } = new Intl.Collator('en', { numeric: true });

/** Orders names, and the numbers in them as numbers. */
export const byName = (a: string, b: string): number => compare(a, b);
