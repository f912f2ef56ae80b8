import { batch, computed, signal } from '@preact/signals';
import { Sift, type Wanted } from '../../src/story/sift.ts';
import type { Story } from '../../src/story/story.ts';
import { compileQuery } from '../query/compile.ts';
import { TooSlow } from '../query/matcher.ts';
import { parseQuery } from '../query/parse.ts';
import { type Query, QueryError } from '../query/query.ts';
import { inSlices } from './slices.ts';
import { story } from './store.ts';

/** How much the log shows: changes of state and what is out of the ordinary; messages too; or every record. */
export type Level = 'changes' | 'messages' | 'everything';

export const level = signal<Level>('messages');
/** A query, as a person types it. */
export const query = signal('');
/** Names of messages, events and timers that are not shown, where they are nothing out of the ordinary. */
export const hidden = signal<ReadonlySet<string>>(new Set());

/** What is wrong with a query, and where in its text. */
export interface Complaint {
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

type Read = { readonly query: Query | undefined } | { readonly complaint: Complaint };

const read = computed((): Read => {
  try {
    return { query: parseQuery(query.value) };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return { complaint: { text: error.message, at: error.at, end: error.end } };
  }
});

let good: Query | undefined;
/** The last query that could be read: it is in force while another is typed. */
const inForce = computed(() => {
  if ('query' in read.value) good = read.value.query;
  return good;
});

/** A query by which the page would stand still. */
const tooSlow = signal<string | undefined>(undefined);

/** What is wrong with what is typed. */
export const complaint = computed((): Complaint | undefined => {
  if ('complaint' in read.value) return read.value.complaint;
  const slow = tooSlow.value === query.value && tooSlow.value !== undefined;
  return slow ? { text: 'The expression takes too long; make it simpler.', at: 0, end: query.value.length } : undefined;
});

const wanted = computed((): Wanted => {
  const [shown, unwanted] = [level.value, hidden.value];
  const matches = inForce.value && compileQuery(inForce.value);
  return (from, index) => {
    const weight = from.weight(index);
    if (shown !== 'everything' && weight !== 'rare' && !(shown === 'messages' && weight === 'message')) return false;
    if (unwanted.size > 0 && isHidden(from, index, unwanted)) return false;
    return !matches || matches(from, index);
  };
});

/** A change of state is shown whatever led to it. */
const isHidden = (from: Story, index: number, unwanted: ReadonlySet<string>): boolean =>
  unwanted.has(from.label(index)) && !(from.kind(index) === 'transition' && from.weight(index) === 'rare');

/** The records that the log shows, as far as they have been found. */
export const sift = computed(() => new Sift(story.value, wanted.value));
/** Grows whenever more of them have been found. */
export const sifted = inSlices(sift, (error) => {
  if (!(error instanceof TooSlow)) throw error;
  tooSlow.value = query.peek();
});

/** Shows the records that a query finds, whatever was shown before. */
export function ask(text: string): void {
  batch(() => {
    query.value = text;
    level.value = 'everything';
    hidden.value = new Set();
  });
}
