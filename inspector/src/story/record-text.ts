import type { TraceRecord } from '@synod/protocol';
import { stateWords } from '../chart/active.ts';

/** How addresses and states are written. */
export interface Look {
  readonly named: (address: string) => string;
  readonly stated: (state: unknown) => string;
}

const inFull: Look = { named: (address) => address, stated: stateWords };

/** What a record tells, in one line. */
export function recordText(record: TraceRecord, { named, stated }: Look = inFull): string {
  switch (record.type) {
    case 'spawn':
      return `${named(record.actor)} ${record.recovered ? 'recovered as' : 'begins as'} ${stated(record.state)}`;
    case 'receive':
      return `${named(record.actor)} takes ${eventWords(record.event.type)}${record.from ? ` from ${named(record.from)}` : ''}`;
    case 'transition':
      return `${named(record.actor)}  ${eventWords(record.event)} → ${stated(record.state)}`;
    case 'send':
      return `${eventWords(record.message.type)}  ${named(record.from)} → ${named(record.to)}`;
    case 'deliver':
      return `${eventWords(record.message)}  ${named(record.from)} → ${named(record.to)}`;
    case 'drop':
      return [
        record.reason,
        record.message && eventWords(record.message),
        record.from && `${named(record.from)} → ${named(record.to ?? '')}`,
        record.detail,
      ]
        .filter(Boolean)
        .join('  ');
    case 'timer.set':
      return `${eventWords(record.id)} in ${Math.round(record.delayMs)} ms  ${named(record.actor)}`;
    case 'timer.fired':
    case 'timer.cancelled':
      return `${eventWords(record.id)}  ${named(record.actor)}`;
    case 'durable':
      return `${record.fields.map(({ field, count }) => (count === undefined ? field : `${field} +${count}`)).join(', ')}  ${named(record.actor)}`;
    case 'emit':
      return `${record.event.type}${facts(record.event)}  ${named(record.actor)}`;
    case 'crash':
      return `${record.actor === undefined ? record.node : named(record.actor)}: ${record.reason}`;
    case 'restart':
      return `${named(record.actor)}, attempt ${record.attempt}`;
    case 'stop':
      return named(record.actor);
    case 'note':
      return `${record.code ? `${record.code}  ` : ''}${record.text}`;
  }
}

/** Whether what is told of a step was not told by its host, but found by taking it again. */
export const isInferred = (record: TraceRecord): boolean => record.type === 'transition' && record.inferred === true;

/** Characters of an event that are shown. */
const MAX_FACTS = 120;

/** What an event says besides its type, short: `member: n7 dead, before suspect`. */
function facts({ type: _, ...rest }: { readonly type: string }): string {
  const text = Object.entries(rest)
    .map(([key, value]) => `${key} ${plain(value)}`)
    .join(', ');
  return text === '' ? '' : `  ${text.slice(0, MAX_FACTS)}`;
}

const plain = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.values(value)
        .filter((inner) => typeof inner !== 'object')
        .join(' ')
    : String(value);

/** The names of timers within a text, as a reader wants them. */
export const plainTimers = (text: string): string => text.replaceAll(/xstate\.after\.([^.\s]+)\.[\w.-]+/g, '$1');

/** The end of an actor, or of a state, by its id. */
const END = /^xstate\.(done|error)\.(?:actor|state)\.(?:.*\.)?([^.]+)$/;

/** `xstate.after.electionTimeout.raft.follower` is `electionTimeout` to a reader, `xstate.error.actor.charge` is `charge failed`. */
export function eventWords(event: string): string {
  const [, how, what] = END.exec(event) ?? [];
  if (what !== undefined) return `${what} ${how === 'done' ? 'done' : 'failed'}`;
  return event.replace(/^xstate\.after\.([^.]+)\..*$/, '$1');
}

/** A value as JSON; what is nested so deeply that a browser cannot write it is told to be so. */
export function jsonText(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, undefined, indent) ?? '';
  } catch {
    return '(nested too deeply to be written)';
  }
}
