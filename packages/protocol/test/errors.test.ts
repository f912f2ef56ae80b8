import { describe, expect, it } from 'vitest';
import { describeError, SynodError } from '../src/index.ts';

describe('an error in a line', () => {
  it.each([
    { what: 'an error', error: new Error('no'), line: 'no' },
    { what: 'a coded error', error: new SynodError('NO', 'not now'), line: 'NO: not now' },
    { what: 'a text', error: 'no', line: 'no' },
    { what: 'nothing', error: undefined, line: 'undefined' },
    { what: 'what has no text', error: Object.create(null), line: 'an error that cannot be told' },
    {
      what: 'an error whose message is none',
      error: Object.assign(new Error(), { message: { code: 1 } }),
      line: '[object Object]',
    },
    {
      what: 'what refuses to be told',
      error: {
        toString: () => {
          throw new Error('no');
        },
      },
      line: 'an error that cannot be told',
    },
  ])('tells $what', ({ error, line }) => {
    expect(describeError(error)).toBe(line);
  });
});
