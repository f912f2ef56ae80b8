import type { EventObject } from 'xstate';
import type { SynodError } from '../errors.ts';

/** What an actor has before it in a step. */
export class Desk {
  /** Events that wait for it while it is at work, or not yet started. */
  mailbox: EventObject[] | undefined;
  isBusy = false;
  /** What it is to do at the end of its macrostep. */
  deferred: (() => void)[] | undefined;
  /** What a machine threw as it was made; it is told when it is started. */
  stillborn: SynodError | undefined;
}
