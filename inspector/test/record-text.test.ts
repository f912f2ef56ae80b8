import { expect, it } from 'vitest';
import { eventWords } from '../src/story/record-text.ts';

it.each([
  ['AppendEntries', 'AppendEntries'],
  ['xstate.after.electionTimeout.raft.follower', 'electionTimeout'],
  ['xstate.done.actor.charge', 'charge done'],
  ['xstate.error.actor.charge', 'charge failed'],
  ['xstate.done.actor.0.shop.paying', 'paying done'],
  ['xstate.done.state.order.kitchen', 'kitchen done'],
  ['xstate.promise.resolve', 'xstate.promise.resolve'],
  ['xstate.done', 'xstate.done'],
])('the event %s is called %s', (event, words) => {
  expect(eventWords(event)).toBe(words);
});
