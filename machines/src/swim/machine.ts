import { initialContext } from './context.ts';
import { swimSetup } from './wiring.ts';

const foreign = { guard: 'isForeign', actions: 'refuseForeign' } as const;
const forged = { guard: 'isForged', actions: 'refuseForged' } as const;

/**
 * A member of a group: Das, Gupta and Motivala, *SWIM: Scalable Weakly-consistent Infection-style Process Group Membership Protocol*
 * (2002), with Dadgar, Phillips and Currey, *Lifeguard: Local Health Awareness for More Accurate Failure Detection* (2018).
 */
export const swimMachine = swimSetup.createMachine({
  id: 'swim',
  context: ({ input }) => initialContext(input),

  // What a member hears, in whatever state it is: claims ride on all messages (§4.1).
  on: {
    Ping: [foreign, { actions: ['learn', 'answerPing'], description: 'Who is pinged answers (§3.1)' }],
    PingReq: [
      foreign,
      { actions: ['learn', 'relayPing'], description: 'Ping the target on behalf of who asks (§3.1)' },
    ],
    Ack: [
      foreign,
      { guard: 'isForgedAck', actions: 'refuseForged' },
      { guard: 'isRelayed', actions: ['learn', 'passOn'], description: 'The answer goes on to who asked (§3.1)' },
      { guard: 'answersProbe', actions: ['learn', 'countAck'], description: 'The target is alive' },
      { actions: 'learn', description: 'Too late for its period; the updates count all the same' },
    ],
    Nack: [
      foreign,
      { actions: ['learn', 'countNack'], description: 'Who was asked is there, the target is not (Lifeguard §IV-A)' },
    ],
    PushPull: [
      foreign,
      forged,
      {
        guard: 'isDuplicate',
        actions: 'refuseDuplicate',
        description: 'A second process under the name of a member that is up',
      },
      { actions: ['learnTable', 'answerPushPull'], description: 'Tables are exchanged' },
    ],
    PushPullReply: [foreign, forged, { actions: 'learnTable' }],
    Refusal: { actions: 'tellRefusal' },
    'relay.elapsed': {
      actions: 'sendNack',
      description: 'The target did not answer; say at least that (Lifeguard §IV-A)',
    },
    'suspicion.elapsed': {
      actions: 'declareDead',
      description: 'Nobody refuted it: the suspected member is dead (§4.2)',
    },
    'retention.elapsed': { actions: 'forget' },
    'member.describe': { actions: 'describe', description: 'New metadata, under a new incarnation' },
  },

  initial: 'joining',
  states: {
    joining: {
      entry: 'askSeed',
      always: [
        { guard: 'knowsOthers', target: 'member', actions: 'announce', description: 'A seed let it in' },
        { guard: 'hasNoSeeds', target: 'member', actions: 'announceAlone', description: 'The first of its cluster' },
      ],
      after: {
        joinTimeout: { target: 'joining', reenter: true, description: 'No answer: ask the next seed' },
      },
      on: { 'member.leave': { target: 'left' } },
    },

    member: {
      type: 'parallel',
      on: { 'member.leave': { target: 'leaving' } },
      states: {
        detector: {
          initial: 'settling',
          states: {
            settling: { after: { settling: 'probing' } },
            probing: {
              entry: 'startProbe',
              after: {
                period: [
                  { guard: 'isAnswered', target: 'probing', reenter: true, description: 'The next period (§3.1)' },
                  {
                    target: 'probing',
                    reenter: true,
                    actions: ['worsenHealth', 'suspectTarget'],
                    description: 'The period is over and nobody heard of the target: suspect it (§4.2)',
                  },
                ],
              },
              initial: 'direct',
              states: {
                direct: {
                  always: { guard: 'isAnswered', target: 'answered' },
                  after: { pingTimeout: { target: 'indirect', description: 'No answer: ask k others (§3.1)' } },
                },
                indirect: {
                  entry: 'askOthers',
                  always: { guard: 'isAnswered', target: 'answered' },
                },
                answered: {},
              },
            },
          },
        },
        exchange: {
          initial: 'idle',
          states: {
            idle: { always: { guard: 'exchangesTables', target: 'settling' } },
            settling: { after: { firstPushPull: { target: 'waiting', actions: 'beginPushPull' } } },
            waiting: {
              after: {
                pushPullInterval: {
                  target: 'waiting',
                  reenter: true,
                  actions: 'beginPushPull',
                  description: 'Exchange the whole table with one other',
                },
              },
            },
          },
        },
      },
    },

    leaving: {
      entry: ['leave', 'sayGoodbye'],
      always: { guard: 'isAlone', target: 'left' },
      after: { leaving: { target: 'left', description: 'Those who were told tell the others' } },
    },

    left: { type: 'final', entry: 'announceDeparture' },
  },
});
