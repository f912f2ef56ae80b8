import { perform } from '@synod/protocol';
import { assertEvent, assign, emit, setup } from 'xstate';
import type { RumorEvent } from './messages.ts';
import { type RumorContext, type RumorInput, rumorContext } from './rumor-context.ts';
import * as rules from './rumor-rules.ts';

const rumorSetup = setup({
  types: {
    context: {} as RumorContext,
    events: {} as RumorEvent,
    input: {} as RumorInput,
    emitted: {} as rules.RumorSend | rules.RumorEmitted,
  },
  delays: {
    cycle: ({ context }) => context.settings.cycleMs,
  },
  guards: {
    pulls: ({ context }) => rules.pulls(context),
    hasLostInterest: ({ context }) => !context.isInterested,
  },
  actions: {
    hear: perform(({ event }) => {
      assertEvent(event, ['Rumor', 'rumor.start']);
      return rules.hear(event.update);
    }),
    contact: perform(({ context }) => rules.contact(context)),
    ask: perform(({ context }) => rules.ask(context)),
    answer: perform(({ context, event }) => {
      assertEvent(event, 'RumorRequest');
      return rules.answer(context, event.from);
    }),
    sayWasNews: perform(({ context, event }) => {
      assertEvent(event, 'Rumor');
      return rules.giveFeedback(context, event.from, false);
    }),
    sayWasKnown: perform(({ context, event }) => {
      assertEvent(event, 'Rumor');
      return rules.giveFeedback(context, event.from, true);
    }),
    takeFeedback: assign(({ context, event }) => {
      assertEvent(event, 'RumorFeedback');
      return rules.takeFeedback(context, event.known);
    }),
    judge: assign(({ context }) => rules.judge(context)),
    rest: assign({ count: 0 }),
    tellInterestLost: emit({ type: 'interestLost' }),
  },
});

/** One update's way through one site: rumour mongering of Demers et al. (1987) §1.4. The paper says infective for infected. */
export const rumorMachine = rumorSetup.createMachine({
  id: 'rumor',
  context: ({ input }) => rumorContext(input),
  initial: 'susceptible',
  states: {
    susceptible: {
      on: {
        'rumor.start': { target: 'infected', actions: 'hear', description: 'The first to know' },
        Rumor: { target: 'infected', actions: ['hear', 'sayWasNews'], description: 'Hears the rumour: spreads it' },
      },
      after: {
        cycle: { guard: 'pulls', target: 'susceptible', reenter: true, actions: 'ask' },
      },
    },
    infected: {
      on: {
        RumorRequest: { actions: 'answer', description: 'Pull: tells who asks' },
        RumorFeedback: { actions: 'takeFeedback' },
      },
      after: {
        cycle: { target: 'judging', description: 'A cycle is over' },
      },
      initial: 'fresh',
      states: {
        fresh: {
          on: {
            Rumor: { actions: 'sayWasNews', description: 'Heard twice in one cycle: news both times' },
          },
        },
        spreading: {
          on: {
            Rumor: { actions: 'sayWasKnown' },
          },
        },
      },
    },
    judging: {
      entry: 'judge',
      always: [
        {
          guard: 'hasLostInterest',
          target: 'removed',
          actions: ['rest', 'tellInterestLost', 'ask'],
          description: 'k contacts were for nothing, or the coin says so',
        },
        {
          target: 'infected.spreading',
          actions: 'contact',
          description: 'Tells a random other (push), asks it (pull), or both',
        },
      ],
    },
    removed: {
      on: {
        Rumor: { actions: 'sayWasKnown' },
      },
      after: {
        cycle: { guard: 'pulls', target: 'removed', reenter: true, actions: 'ask' },
      },
    },
  },
});
