import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import type { Adapter, Implementation } from '../../src/implementation.ts';
import { play } from '../../src/play/play.ts';
import { generated } from '../support/generated.ts';

/** A turnstile that keeps its door open for three seconds, and counts who passes. */
const turnstile = setup({
  types: {
    context: {} as { readonly coins: number; readonly passed: number },
    events: {} as { readonly type: 'coin'; readonly cents: number } | { readonly type: 'push' },
  },
  guards: { isEnough: ({ context, event }) => event.type === 'coin' && context.coins + event.cents >= 100 },
  actions: {
    add: assign({ coins: ({ context, event }) => context.coins + (event.type === 'coin' ? event.cents : 0) }),
    pass: assign({ coins: 0, passed: ({ context }) => context.passed + 1 }),
  },
}).createMachine({
  id: 'turnstile',
  context: { coins: 0, passed: 0 },
  initial: 'locked',
  states: {
    locked: { on: { coin: [{ guard: 'isEnough', target: 'open', actions: 'add' }, { actions: 'add' }] } },
    open: { on: { push: { target: 'locked', actions: 'pass' } }, after: { 3000: 'locked' } },
  },
});

/** The same without any statechart. */
class Turnstile {
  coins = 0;
  passed = 0;
  openUntil: number | undefined;
  now = 0;

  coin(cents: number): void {
    if (this.isOpen) return;
    this.coins += cents;
    if (this.coins >= 100) this.openUntil = this.now + 3_000;
  }

  push(): void {
    if (!this.isOpen) return;
    this.openUntil = undefined;
    this.coins = 0;
    this.passed++;
  }

  get isOpen(): boolean {
    return this.openUntil !== undefined && this.now < this.openUntil;
  }
}

/** All that is to be written to test a class. */
const adapterOf =
  (make: () => Turnstile): Adapter =>
  (): Implementation => {
    const it = make();
    return {
      start: () => {},
      send: (event) => {
        const { type, cents } = event as { readonly type: string; readonly cents?: number };
        if (type === 'coin') it.coin(cents ?? 0);
        else it.push();
      },
      wait: (ms) => {
        it.now += ms;
      },
      observe: () => ({
        state: it.isOpen ? 'open' : 'locked',
        context: { coins: it.coins, passed: it.passed },
      }),
    };
  };

const { tests, coverage } = generated(turnstile, ['transitions', 'pairs', 'delays'], {
  coin: [
    { type: 'coin', cents: 50 } as { readonly type: string },
    { type: 'coin', cents: 100 } as { readonly type: string },
  ],
});

const failures = async (adapter: Adapter): Promise<readonly string[]> => {
  const messages: string[] = [];
  for (const test of tests) {
    await play(adapter, test).catch((error: unknown) => messages.push((error as Error).message));
  }
  return messages;
};

const BUGS: readonly (readonly [string, () => Turnstile])[] = [
  [
    'opens for too little',
    () =>
      new (class extends Turnstile {
        override coin(cents: number): void {
          super.coin(cents);
          if (this.coins >= 50) this.openUntil = this.now + 3_000;
        }
      })(),
  ],
  [
    'closes a millisecond early',
    () =>
      new (class extends Turnstile {
        override get isOpen(): boolean {
          return this.openUntil !== undefined && this.now < this.openUntil - 1;
        }
      })(),
  ],
  [
    'never closes by itself',
    () =>
      new (class extends Turnstile {
        override get isOpen(): boolean {
          return this.openUntil !== undefined;
        }
      })(),
  ],
  [
    'forgets to count',
    () =>
      new (class extends Turnstile {
        override push(): void {
          const { passed } = this;
          super.push();
          this.passed = passed;
        }
      })(),
  ],
];

describe('tests that were generated from a statechart, run against a class', () => {
  it('pass where the class does what the chart says', async () => {
    expect(coverage.filter(({ covered, total }) => covered < total).map(({ kind }) => kind)).toEqual(['pairs']);
    expect(await failures(adapterOf(() => new Turnstile()))).toEqual([]);
  });

  it.each(BUGS)('fail where it %s', async (_, make) => {
    const [first] = await failures(adapterOf(make));
    expect(first).toMatch(/^Step \d+, .*\n {2}(state|context\.\w+): expected .*, and it is /);
  });
});
