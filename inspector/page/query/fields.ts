import type { TraceRecord } from '@synod/protocol';
import type { Column } from '../../src/story/block.ts';
import { eventWords, isInferred, recordText } from '../../src/story/record-text.ts';
import type { Kind } from '../../src/world/read.ts';

/** What a query may ask of a record. */
export type Field = {
  /** For people, in a few words. */
  readonly meaning: string;
  readonly example: string;
} & (
  | {
      /** The column of a story that holds it, for records of each type; undefined where they have none. */
      readonly column: (kind: Kind) => Column | undefined;
      /** The texts by any of which a name in that column may be called. */
      readonly calls: (name: string) => readonly string[];
    }
  | {
      /** Read from the record itself, which takes longer; or from its JSON. */
      readonly read: ((record: TraceRecord) => readonly string[]) | 'json';
      /** Types of records that have it. Default: all. */
      readonly kinds?: readonly Kind[];
      /** Whether a part of the text is enough. */
      readonly within?: true;
    }
);

/** `label` in records of these types. */
const labelOf =
  (...kinds: readonly Kind[]) =>
  (kind: Kind): Column | undefined =>
    kinds.includes(kind) ? 'label' : undefined;

const asIs = (name: string): readonly string[] => [name];
/** `raft@n1` is also called `raft`, and `n1`. */
const ofAddress = (address: string): readonly string[] => [address, ...address.split('@')];
const ofEvent = (name: string): readonly string[] => [name, eventWords(name)];

const FROM: Partial<Record<Kind, Column>> = { send: 'actor', deliver: 'other', receive: 'other', drop: 'other' };
const TO: Partial<Record<Kind, Column>> = { send: 'other', deliver: 'actor', receive: 'actor', drop: 'actor' };

const MESSAGES = ['send', 'deliver', 'drop', 'receive'] as const;
const TIMERS = ['timer.set', 'timer.fired', 'timer.cancelled'] as const;

const FIELD_LIST = {
  type: {
    meaning: 'the type of record',
    example: 'type:timer.*',
    column: () => 'kind',
    calls: (name) => [name, name.split('.')[0] as string],
  },
  node: { meaning: 'where it happened', example: 'node:n1', column: () => 'node', calls: asIs },
  actor: { meaning: 'who did it', example: 'actor:raft@n1', column: () => 'actor', calls: ofAddress },
  from: { meaning: 'who sent the message', example: 'from:n1', column: (kind) => FROM[kind], calls: ofAddress },
  to: { meaning: 'for whom the message is', example: 'to:raft@n2', column: (kind) => TO[kind], calls: ofAddress },
  message: {
    meaning: 'the type of the message',
    example: 'message:AppendEntries',
    column: labelOf(...MESSAGES),
    calls: ofEvent,
  },
  event: {
    meaning: 'what an actor took or told',
    example: 'event:electionTimeout',
    column: labelOf('receive', 'transition', 'emit'),
    calls: ofEvent,
  },
  timer: { meaning: 'the name of the timer', example: 'timer:heartbeat', column: labelOf(...TIMERS), calls: ofEvent },
  state: {
    meaning: 'the state of its actor after it',
    example: 'state:leader',
    column: () => 'state',
    calls: (words) => [words, ...words.split(/ · |, /)],
  },
  transition: {
    meaning: 'a transition that was taken',
    example: 'transition:raft.leader#*',
    column: (kind) => (kind === 'transition' ? 'step' : undefined),
    calls: (step) => step.split('\n'),
  },
  changed: {
    meaning: 'a field of the context that is new',
    example: 'changed:currentTerm',
    kinds: ['transition'],
    read: (record) => (record.type === 'transition' ? Object.keys(record.changed) : []),
  },
  reason: {
    meaning: 'why a message was lost, or an actor crashed',
    example: 'reason:unreachable',
    kinds: ['drop', 'crash'],
    read: (record) => ('reason' in record ? [record.reason] : []),
  },
  code: { meaning: 'the code of a note', example: 'code:FAULT', column: labelOf('note'), calls: asIs },
  text: {
    meaning: 'what its row says; the same as words alone',
    example: 'text:"vote granted"',
    within: true,
    read: (record) => [`${record.node} ${record.type} ${recordText(record)}${isInferred(record) ? ' inferred' : ''}`],
  },
  json: {
    meaning: 'anywhere in the record as JSON; slow',
    example: 'json:prevLogIndex',
    within: true,
    read: 'json',
  },
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELD_LIST;

/** The fields of a query, by name. */
export const FIELDS: Readonly<Record<FieldName, Field>> = FIELD_LIST;

export const isField = (name: string): name is FieldName => Object.hasOwn(FIELDS, name);
