import { type ChartTransition, describeEvent, describeState, type TraceRecord } from '@synod/protocol';

// The words that all formats share.

const AFTER = /^xstate\.after\.([^.]+)\./;
const DONE = /^xstate\.done\.(?:state|actor)\.(.+)$/;
const FAILED = /^xstate\.error\.actor\.(.+)$/;

/** An event's type as its author would say it: what XState makes of delays and ends is told by their names. */
export const eventName = (type: string): string =>
  AFTER.exec(type)?.[1] ??
  type
    .replace(DONE, '$1 is done')
    .replace(FAILED, '$1 failed')
    .replace(/^xstate\.init$/, 'start');

/** An event in a line, with its fields. */
export const eventText = (event: { readonly type: string }): string =>
  describeEvent({ ...event, type: eventName(event.type) });

/** What takes a transition, and under which condition: `after electionTimeout [isAlone]`. */
export function triggerText({ kind, event, guard }: ChartTransition): string {
  const named = event === '*' ? 'any message' : eventName(event);
  const text = { after: `after ${event}`, always: 'always', event: named }[kind];
  return guard === undefined ? text : `${text} [${guard}]`;
}

/** A record in a line. */
export function recordText(record: TraceRecord): string {
  switch (record.type) {
    case 'spawn':
      return `${record.actor} ${record.recovered ? 'recovers' : 'starts'} as ${describeState(record.state)}`;
    case 'receive':
      return `${record.actor} takes ${eventText(record.event)}${record.from === undefined ? '' : ` from ${record.from}`}`;
    case 'transition':
      return `${record.actor} is ${describeState(record.state)}`;
    case 'send':
      return `${record.from} sends ${eventText(record.message)} to ${record.to}`;
    case 'deliver':
      return `${record.message} from ${record.from} reaches ${record.to}`;
    case 'drop':
      return `${dropText(record)}${record.from === undefined ? '' : `, from ${record.from}`}${record.to === undefined ? '' : ` to ${record.to}`}`;
    case 'timer.set':
      return `${record.actor} sets ${eventName(record.id)} to ${record.delayMs} ms`;
    case 'timer.fired':
      return `${eventName(record.id)} of ${record.actor} fires`;
    case 'timer.cancelled':
      return `${record.actor} cancels ${eventName(record.id)}`;
    case 'durable':
      return `${record.actor} has on disk: ${record.fields.map(({ field }) => field).join(', ')}`;
    case 'emit':
      return `${record.actor} tells ${eventText(record.event)}`;
    case 'crash':
      return `${record.actor ?? record.node} crashes${record.reason ? `: ${record.reason}` : ''}`;
    case 'restart':
      return `${record.actor} starts again`;
    case 'stop':
      return `${record.actor} stops`;
    case 'note':
      return `${record.actor === undefined ? '' : `${record.actor}: `}${record.text}`;
  }
}

/** What was lost, and why. */
export const dropText = ({ message, reason }: Extract<TraceRecord, { type: 'drop' }>): string =>
  `${message ?? 'something'} is lost (${reason})`;

/** The actor that a record is of; undefined where it is of a whole node. */
export function actorOfRecord(record: TraceRecord): string | undefined {
  switch (record.type) {
    case 'send':
      return record.from;
    case 'deliver':
      return record.to;
    case 'drop':
      return record.to ?? record.from;
    default:
      return record.actor;
  }
}
