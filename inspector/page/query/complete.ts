import { eventWords } from '../../src/story/record-text.ts';
import type { Story } from '../../src/story/story.ts';
import type { Tally } from '../../src/story/tally.ts';
import { KINDS } from '../../src/world/read.ts';
import { FIELDS, type FieldName, isField } from './fields.ts';

/** What may stand in the place of what is being typed. */
export interface Suggestion {
  readonly text: string;
  readonly hint: string;
}

export interface Suggestions {
  /** The part of the query that a suggestion replaces. */
  readonly from: number;
  readonly to: number;
  readonly items: readonly Suggestion[];
}

/** Names that a field may hold, and how often each came. */
export type Vocabulary = (field: FieldName) => readonly (readonly [name: string, count: number])[];

/** Suggestions that are given at most. */
const MOST = 12;

const NONE: Suggestions = { from: 0, to: 0, items: [] };

/** What could stand at `caret` of a query that is being typed. */
export function suggestionsAt(text: string, caret: number, vocabulary: Vocabulary): Suggestions {
  const before = text.slice(0, caret);
  const begun = /(?:^|[\s(])-?([^\s()"/]*)$/.exec(before)?.[1];
  if (begun === undefined) return NONE;
  const to = caret + (/^[^\s()]*/.exec(text.slice(caret))?.[0].length ?? 0);
  const value = /^([a-z]+):(?:.*,)?([^,]*)$/i.exec(begun);
  const name = value?.[1]?.toLowerCase() ?? '';
  if (!value) return { from: caret - begun.length, to, items: fieldsLike(begun) };
  if (!isField(name)) return NONE;
  const typed = (value[2] as string).toLowerCase();
  return { from: caret - typed.length, to, items: valuesLike(typed, vocabulary(name)) };
}

function fieldsLike(begun: string): Suggestion[] {
  const typed = begun.toLowerCase();
  return Object.entries(FIELDS)
    .filter(([name]) => name.startsWith(typed))
    .map(([name, { meaning }]) => ({ text: `${name}:`, hint: meaning }))
    .slice(0, MOST + 3);
}

/** What begins as it is typed comes first, then what has it within. */
function valuesLike(typed: string, names: ReturnType<Vocabulary>): Suggestion[] {
  const starts = names.filter(([name]) => name.toLowerCase().startsWith(typed));
  const within = names.filter(([name]) => name.toLowerCase().indexOf(typed) > 0);
  return [...starts, ...within]
    .slice(0, MOST)
    .map(([name, count]) => ({ text: asValue(name), hint: `${count.toLocaleString('en')}` }));
}

/** A name as a query's value; in quotes where it would be read otherwise. */
export const asValue = (name: string): string =>
  /^[^\s(),"/*\\]+$/.test(name) ? name : `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** The names that a run has shown so far. */
export function vocabularyOf(story: Story, tally: Tally): Vocabulary {
  const named = (numbers: readonly (readonly [number, number])[]) =>
    numbers.map(([number, count]) => [story.names.text(number), count] as const);
  const messages = () =>
    [...tally.messages].map(([number, { sent, delivered, lost }]) => [number, sent + delivered + lost] as const);
  return (field) => {
    switch (field) {
      case 'type':
        return KINDS.map((kind, at) => [kind, tally.kinds[at] as number] as const).filter(([, count]) => count > 0);
      case 'node':
        return named(tally.nodes.sorted());
      case 'actor':
      case 'from':
      case 'to':
        return named(tally.actors.sorted());
      case 'message':
        return named(messages().sort(([, a], [, b]) => b - a)).filter(([name]) => name !== '');
      case 'event':
      case 'timer':
      case 'code':
        return named(tally.labels.sorted()).map(([name, count]) => [eventWords(name), count] as const);
      case 'state':
        return tally.states.sorted().map(([number, count]) => [story.states.text(number), count] as const);
      case 'transition':
        return [...tally.taken()].sort(([, a], [, b]) => b - a);
      default:
        return [];
    }
  };
}
