import { type Address, type Protocol, plainJson, received, validateMessage } from '@synod/protocol';
import type { EventObject } from 'xstate';
import { Mismatch } from '../misfit.ts';
import { sameJson } from '../same.ts';
import { compareEvent, type Differs } from './compare.ts';
import type { Flying } from './post.ts';
import type { RecordOf } from './records.ts';

interface TakenUp {
  readonly event: EventObject;
  readonly differs?: Differs | undefined;
}

/** Messages that arrived at an actor and are not taken up, in order. */
export class MailboxTrack {
  readonly #self: Address;
  readonly #protocol: Protocol;
  #messages: Flying[] = [];

  constructor(self: Address, protocol: Protocol) {
    this.#self = self;
    this.#protocol = protocol;
  }

  add(message: Flying): void {
    this.#messages.push(message);
  }

  find(id: string): Flying | undefined {
    return this.#messages.find((each) => each.id === id);
  }

  /** A message in it was lost. Returns whether it was there. */
  lose(id: string): boolean {
    const at = this.#messages.findIndex((each) => each.id === id);
    if (at >= 0) this.#messages.splice(at, 1);
    return at >= 0;
  }

  clear(): void {
    this.#messages = [];
  }

  /**
   * A message is taken up. Returns the event that the machine is to take, with the very objects of the message where it shares them with the
   * sender; or in what it differs. `mayBeUnknown`: nobody need have seen it arrive.
   */
  take({ id, from, event }: RecordOf<'receive'>, mayBeUnknown: boolean): TakenUp {
    const [first] = this.#messages;
    const message = this.find(id as string);
    if (!message) {
      if (mayBeUnknown) return { event };
      throw this.#mismatch('MESSAGE_NOT_DELIVERED', `takes up message ${id}, which is not in its mailbox`);
    }
    if (message !== first)
      throw this.#mismatch('MESSAGE_ORDER', `takes up message ${id} before ${first?.id}, which arrived earlier`);
    this.#messages.shift();
    if (from !== message.from)
      throw this.#mismatch('MESSAGE_DIFFERS', `takes message ${id} to be from ${from}; it is from ${message.from}`);
    const at = (event as { at?: number }).at as number;
    const sent = received(message.message, message.from, at);
    if (sameJson(plainJson(event, {}), plainJson(sent, {}))) return { event: message.isShared ? sent : event };
    // At the door a schema may have added defaults.
    const checked = validateMessage(this.#protocol, message.message).message;
    const expected = checked ? received(checked, message.from, at) : sent;
    return { event, differs: compareEvent(this.#self, event, expected, `message ${id}`) };
  }

  #mismatch(code: 'MESSAGE_NOT_DELIVERED' | 'MESSAGE_ORDER' | 'MESSAGE_DIFFERS', what: string): Mismatch {
    return new Mismatch(code, `${this.#self} ${what}.`, { actor: this.#self });
  }
}
