import type { TraceRecord, TransitionRef } from '@synod/protocol';
import { stateWords, toText } from './words.ts';

// A record as one line of the log.

/** What the log's colours tell apart. */
export type Tone = 'send' | 'deliver' | 'step' | 'timer' | 'life' | 'bad' | 'drop' | 'note' | 'quiet';

/** One line: what happened, to what, and details. */
export interface Described {
  readonly tone: Tone;
  readonly what: string;
  readonly subject: string;
  readonly detail: string;
}

const LONGEST = 300;

/** XState's names of timers without their decoration: `xstate.after.electionTimeout.raft.follower` is `electionTimeout`. */
const eventWords = (type: string): string => type.replace(/^xstate\.after\.([^.]+)\..*$/, 'after $1');

/** `record` in words. */
export function describe(record: TraceRecord): Described {
  const { tone, what, subject, detail } = words(record);
  return { tone, what, subject: subject.slice(0, LONGEST), detail: detail.slice(0, LONGEST) };
}

const line = (tone: Tone, what: string, subject = '', detail = ''): Described => ({ tone, what, subject, detail });

function words(record: TraceRecord): Described {
  switch (record.type) {
    case 'send':
      return line('send', 'send', record.message.type, `${record.from} → ${record.to}`);
    case 'deliver':
      return line('deliver', 'deliver', record.message, `${record.from} → ${record.to}`);
    case 'receive':
      return line(
        'quiet',
        'receive',
        eventWords(record.event.type),
        record.from ? `from ${record.from}` : record.actor,
      );
    case 'transition':
      return step(record);
    case 'drop':
      return line('drop', 'drop', record.message ?? '', dropWords(record));
    case 'crash':
      return line('bad', 'crash', record.actor ?? record.node, record.reason);
    case 'note':
      return line('note', record.code ?? 'note', record.text, record.actor ?? '');
    case 'emit':
      return line('life', 'emit', record.event.type, toText(record.event, LONGEST, 0));
    default:
      return rest(record);
  }
}

type Rest = Extract<
  TraceRecord,
  { type: 'spawn' | 'restart' | 'stop' | 'durable' | 'timer.set' | 'timer.fired' | 'timer.cancelled' }
>;

function rest(record: Rest): Described {
  switch (record.type) {
    case 'spawn':
      return line(
        'life',
        record.recovered ? 'recover' : 'spawn',
        record.actor,
        `${record.protocol}, ${stateWords(record.state)}`,
      );
    case 'restart':
      return line('life', 'restart', record.actor, `attempt ${record.attempt}`);
    case 'stop':
      return line('life', 'stop', record.actor);
    case 'durable':
      return line('quiet', 'durable', record.fields.map(({ field }) => field).join(', '), record.actor);
    case 'timer.set':
      return line('timer', 'timer', eventWords(record.id), `in ${Math.round(record.delayMs)} ms`);
    case 'timer.fired':
      return line('timer', 'timer', eventWords(record.id), 'fired');
    case 'timer.cancelled':
      return line('timer', 'timer', eventWords(record.id), 'cancelled');
    default:
      // A record of a kind that a newer publisher knows: its JSON tells.
      return line('quiet', String((record as { type?: unknown }).type ?? '?'));
  }
}

function step(record: Extract<TraceRecord, { type: 'transition' }>): Described {
  if (record.transitions.length === 0) return line('quiet', 'ignored', eventWords(record.event), record.actor);
  const changed = Object.keys(record.changed);
  const state = stateWords(record.state);
  return line(
    'step',
    'step',
    eventWords(record.event),
    changed.length > 0 ? `${state} (${changed.join(', ')})` : state,
  );
}

function dropWords(record: Extract<TraceRecord, { type: 'drop' }>): string {
  const way = record.from || record.to ? `${record.from ?? '?'} → ${record.to ?? '?'}: ` : '';
  return `${way}${record.reason}${record.detail ? `, ${record.detail}` : ''}`;
}

/** The state in which a transition begins: what stands before its event in its name. */
export const sourceOf = (ref: TransitionRef): string => ref.slice(0, Math.max(0, ref.indexOf('#')));
