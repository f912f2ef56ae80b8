import { and, assign, fromPromise, setup } from 'xstate';

interface CreditCardContext {
  readonly number: string;
  /** Month and year, `MM/YY`. */
  readonly expiry: string;
  readonly code: string;
  readonly refusal: string | null;
}

type CreditCardEvent =
  | { readonly type: 'NUMBER'; readonly value: string }
  | { readonly type: 'EXPIRY'; readonly value: string }
  | { readonly type: 'CODE'; readonly value: string }
  | { readonly type: 'SUBMIT' }
  | { readonly type: 'EDIT' };

interface Card {
  readonly number: string;
  readonly expiry: string;
  readonly code: string;
}

/** Luhn's check: from the right every second digit counts twice, and the sum ends in 0. */
export function isCardNumber(number: string): boolean {
  if (!/^\d{13,19}$/.test(number)) return false;
  const sum = [...number].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** A credit-card form: three fields, each with its own fault, and a payment that may be refused. */
export const creditCardFormMachine = setup({
  types: { context: {} as CreditCardContext, events: {} as CreditCardEvent },
  actors: {
    authorize: fromPromise<{ readonly approved: boolean }, Card>(async () => ({ approved: true })),
  },
  guards: {
    isNumber: ({ context }) => isCardNumber(context.number),
    isExpiry: ({ context }) => /^(0[1-9]|1[0-2])\/\d\d$/.test(context.expiry),
    isCode: ({ context }) => /^\d{3,4}$/.test(context.code),
    isEmpty: ({ context }) => context.number === '',
  },
  actions: {
    setNumber: assign({ number: (_, params: { readonly value: string }) => params.value.replaceAll(' ', '') }),
    setExpiry: assign({ expiry: (_, params: { readonly value: string }) => params.value }),
    setCode: assign({ code: (_, params: { readonly value: string }) => params.value }),
  },
}).createMachine({
  id: 'creditCardForm',
  context: { number: '', expiry: '', code: '', refusal: null },
  initial: 'editing',
  states: {
    editing: {
      on: {
        NUMBER: { target: '.fresh', actions: { type: 'setNumber', params: ({ event }) => event } },
        EXPIRY: { target: '.fresh', actions: { type: 'setExpiry', params: ({ event }) => event } },
        CODE: { target: '.fresh', actions: { type: 'setCode', params: ({ event }) => event } },
        SUBMIT: [
          { guard: and(['isNumber', 'isExpiry', 'isCode']), target: 'paying' },
          { guard: 'isEmpty', target: '.numberMissing' },
          { guard: and(['isNumber', 'isExpiry']), target: '.codeWrong' },
          { guard: 'isNumber', target: '.expiryWrong' },
          { target: '.numberWrong' },
        ],
      },
      initial: 'fresh',
      states: {
        fresh: {},
        numberMissing: {},
        numberWrong: {},
        expiryWrong: {},
        codeWrong: {},
        refused: { exit: assign({ refusal: null }) },
      },
    },
    paying: {
      invoke: {
        src: 'authorize',
        input: ({ context: { number, expiry, code } }) => ({ number, expiry, code }),
        onDone: [
          { guard: ({ event }) => event.output.approved, target: 'paid' },
          { target: 'editing.refused', actions: assign({ refusal: 'The bank refused the card.' }) },
        ],
        onError: {
          target: 'editing.refused',
          actions: assign({ refusal: ({ event }) => (event.error as Error).message }),
        },
      },
      on: { EDIT: { target: 'editing' } },
    },
    paid: { type: 'final' },
  },
});
