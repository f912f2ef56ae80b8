import type { TraceRecord } from '@synod/protocol';
import { stateWords } from '../chart/active.ts';

/** What a record tells, in one line. */
export function recordText(record: TraceRecord): string {
  switch (record.type) {
    case 'spawn':
      return `${record.actor} ${record.recovered ? 'recovered as' : 'begins as'} ${stateWords(record.state)}`;
    case 'receive':
      return `${record.actor} takes ${plainEvent(record.event.type)}${record.from ? ` from ${record.from}` : ''}`;
    case 'transition':
      return `${record.actor}  ${plainEvent(record.event)} → ${stateWords(record.state)}${record.inferred ? '  inferred' : ''}`;
    case 'send':
      return `${record.message.type}  ${record.from} → ${record.to}`;
    case 'deliver':
      return `${record.message}  ${record.from} → ${record.to}`;
    case 'drop':
      return [record.reason, record.message, record.from && `${record.from} → ${record.to}`, record.detail]
        .filter(Boolean)
        .join('  ');
    case 'timer.set':
      return `${plainEvent(record.id)} in ${Math.round(record.delayMs)} ms  ${record.actor}`;
    case 'timer.fired':
    case 'timer.cancelled':
      return `${plainEvent(record.id)}  ${record.actor}`;
    case 'durable':
      return `${record.fields.map(({ field, count }) => (count === undefined ? field : `${field} +${count}`)).join(', ')}  ${record.actor}`;
    case 'emit':
      return `${record.event.type}${facts(record.event)}  ${record.actor}`;
    case 'crash':
      return `${record.actor ?? record.node}: ${record.reason}`;
    case 'restart':
      return `${record.actor}, attempt ${record.attempt}`;
    case 'stop':
      return record.actor;
    case 'note':
      return `${record.code ? `${record.code}  ` : ''}${record.text}`;
  }
}

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

/** `xstate.after.electionTimeout.raft.follower` is `electionTimeout` to a reader. */
const plainEvent = (event: string): string => event.replace(/^xstate\.after\.([^.]+)\..*$/, '$1');
