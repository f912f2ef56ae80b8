import { expect, it } from 'vitest';
import { ClientSession } from '../src/session.ts';

it('numbers commands from 1 and holds the floor below the oldest without an answer', () => {
  const session = new ClientSession(7);
  expect(session.begin()).toEqual({ sequenceNum: 1, answeredBelow: 1 });
  expect(session.begin()).toEqual({ sequenceNum: 2, answeredBelow: 1 });
  session.end(2);
  expect(session.begin()).toEqual({ sequenceNum: 3, answeredBelow: 1 });
  session.end(1);
  expect(session.begin()).toEqual({ sequenceNum: 4, answeredBelow: 3 });
  session.end(3);
  session.end(4);
  expect(session.begin()).toEqual({ sequenceNum: 5, answeredBelow: 5 });
});
