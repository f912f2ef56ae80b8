import type { Place } from '@synod/inspector/export';
import { InvalidArgumentError } from 'commander';

export interface ExportOptions {
  readonly export: string;
  readonly out?: string;
  readonly actor?: readonly string[];
  readonly node?: readonly string[];
  readonly role?: string;
  readonly by?: 'actor' | 'node';
  readonly axis?: 'time' | 'busy' | 'order';
  readonly theme?: 'light' | 'dark';
  readonly from?: Place;
  readonly to?: Place;
  /** Milliseconds since 1970. */
  readonly epoch?: number;
  readonly json?: boolean;
}

/** A place in a run, for commander: `120` is the record of that number, `1.5s` and `1500ms` are times. */
export function place(text: string): Place {
  if (/^\d{1,15}$/.test(text)) return { record: Number(text) };
  const [, number, unit] = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s)$/.exec(text) ?? [];
  if (number === undefined)
    throw new InvalidArgumentError('It must be the number of a record, as 120, or a time, as 1500ms or 1.5s.');
  return { ms: Number(number) * (unit === 's' ? 1_000 : 1) };
}

/** A date and time, for commander, as milliseconds since 1970. */
export function date(text: string): number {
  const ms = Date.parse(text);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new InvalidArgumentError('It must be a date, as 2026-01-31T12:00:00Z.');
}
