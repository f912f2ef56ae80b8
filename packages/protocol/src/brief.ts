import { canonical } from './canonical.ts';

/** A value in a line, as short as it can be told: text in quotes only where it needs them. */
export function brief(value: unknown): string {
  if (typeof value === 'string') return /^[^\s{}[\],:"]+$/.test(value) ? value : JSON.stringify(value);
  return canonical(value).replaceAll(/"([A-Za-z_][\w.@-]*)"/g, '$1');
}

/** An event or a message in a line: its type, and its fields but those that the host adds. */
export function describeEvent(event: object): string {
  const { type, from: _, at: __, ...fields } = event as { type?: unknown; from?: unknown; at?: unknown };
  const name = typeof type === 'string' ? type : 'something';
  return Object.keys(fields).length > 0 ? `${name}${brief(fields)}` : name;
}

/** A state value in a line: `leading.waiting`, parallel regions with `&` between. */
export function describeState(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const regions = Object.entries(value).map(([key, inner]) => {
    const below = describeState(inner);
    return below === '' ? key : `${key}.${below}`;
  });
  return regions.join(' & ');
}

/** A text of at most so many characters, the last of which says that there is more. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : most < 1 ? '' : `${text.slice(0, most - 1)}…`;
