import type { TraceRecord } from '@synod/protocol';

/** What the columns hold of a record: who did it, the other party, and the name of what it is about. */
export interface Cells {
  readonly actor: string | undefined;
  readonly other: string | undefined;
  readonly label: string | undefined;
  /** The id of the message that it is about. */
  readonly message: string | undefined;
}

export function cellsOf(record: TraceRecord): Cells {
  switch (record.type) {
    case 'send':
      return { actor: record.from, other: record.to, label: record.message.type, message: record.id };
    case 'deliver':
      return { actor: record.to, other: record.from, label: record.message, message: record.id };
    case 'drop':
      return { actor: record.to ?? record.from, other: record.from, label: record.message, message: record.id };
    case 'receive':
      return { actor: record.actor, other: record.from, label: record.event.type, message: record.id };
    case 'transition':
      return { actor: record.actor, other: undefined, label: record.event, message: undefined };
    case 'emit':
      return { actor: record.actor, other: undefined, label: record.event.type, message: undefined };
    case 'timer.set':
    case 'timer.fired':
    case 'timer.cancelled':
      return { actor: record.actor, other: undefined, label: record.id, message: undefined };
    case 'note':
      return { actor: record.actor, other: undefined, label: record.code, message: undefined };
    default:
      return { actor: record.actor, other: undefined, label: undefined, message: undefined };
  }
}
