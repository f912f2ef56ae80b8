import type { TraceRecord } from '@synod/protocol';
import { stateWords } from '../chart/active.ts';
import { WEIGHTS, type Weight } from './block.ts';

/** Codes of notes that tell of one message: a fault that lies on a busy link has many. */
const OF_MESSAGES = new Set<string | undefined>(['DELAYED', 'DUPLICATED']);
const DETAILS = new Set<string>(['receive', 'deliver', 'timer.set', 'timer.fired', 'timer.cancelled', 'durable']);

/** Weighs records in their order, remembering the last state of each actor to tell a change from a step that stays. */
export class Scales {
  readonly #states = new Map<string, string>();

  weigh(record: TraceRecord): number {
    return WEIGHTS.indexOf(this.#of(record));
  }

  #of(record: TraceRecord): Weight {
    if (record.type === 'send') return 'message';
    if (DETAILS.has(record.type) || (record.type === 'note' && OF_MESSAGES.has(record.code))) return 'detail';
    if (record.type !== 'transition' && record.type !== 'spawn') return 'rare';
    const state = stateWords(record.state);
    const before = this.#states.get(record.actor);
    this.#states.set(record.actor, state);
    // Of an actor that nothing is known of yet, no change is claimed.
    return record.type === 'spawn' || (before !== undefined && before !== state) ? 'rare' : 'detail';
  }
}
