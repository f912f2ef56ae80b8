import { type AnyStateMachine, createMachine } from 'xstate';

// Charts that are hard to draw, each for a reason of its own.

/** Three roles and an outermost state, some twenty transitions: many lines between the same states. */
export const raftLike: AnyStateMachine = createMachine({
  id: 'roles',
  initial: 'follower',
  on: {
    HigherTerm: { guard: 'seesHigherTerm', target: '.follower', actions: ['adoptTerm', 'handleAgain'] },
    ClientRequest: { actions: 'redirect' },
  },
  states: {
    follower: {
      entry: ['forgetVotes', 'drawElectionTimeout'],
      after: { electionTimeout: 'candidate' },
      on: {
        RequestVote: [
          { guard: 'grantsVote', target: 'follower', reenter: true, actions: ['grantVote', 'replyVote'] },
          { actions: 'refuseVote' },
        ],
        AppendEntries: [
          { guard: 'agreesAtPrev', target: 'follower', reenter: true, actions: ['appendEntries', 'replySuccess'] },
          { actions: 'replyConflict' },
        ],
        TimeoutNow: { target: 'candidate', actions: 'skipPreVote' },
        InstallSnapshot: { actions: ['saveChunk', 'replyChunk'] },
      },
    },
    candidate: {
      entry: ['startElection', 'requestVotes'],
      exit: 'closeElection',
      always: { guard: 'hasMajority', target: 'leader' },
      after: { electionTimeout: { target: 'candidate', reenter: true } },
      on: {
        RequestVoteReply: { guard: 'isVote', actions: 'countVote' },
        AppendEntries: { guard: 'isCurrent', target: 'follower', actions: 'handleAgain' },
        StepDown: 'follower',
      },
    },
    leader: {
      entry: ['becomeLeader', 'replicate'],
      after: { heartbeatInterval: { target: 'leader', reenter: true, actions: 'replicate' } },
      on: {
        AppendEntriesReply: [
          { guard: 'isSuccess', actions: ['recordMatch', 'advanceCommitIndex'] },
          { actions: ['goBack', 'replicateToSender'] },
        ],
        ClientRequest: { actions: ['append', 'replicate'] },
        LeaseLost: { guard: 'quorumIsSilent', target: 'follower' },
        TransferLeadership: { target: 'follower', actions: 'sendTimeoutNow' },
      },
    },
  },
});

/** Regions side by side, one of which is left for a final state beside them. */
export const parallel: AnyStateMachine = createMachine({
  id: 'engine',
  initial: 'running',
  states: {
    running: {
      type: 'parallel',
      on: { Crash: { target: 'crashed', actions: 'persist' } },
      states: {
        log: {
          initial: 'steady',
          states: {
            steady: { on: { InstallSnapshot: 'installing' }, always: { guard: 'logTooLong', target: 'compacting' } },
            installing: { on: { Done: 'steady' } },
            compacting: { after: { compactionTime: 'steady' } },
          },
        },
        membership: {
          initial: 'stable',
          states: {
            stable: { on: { Change: { target: 'joint', actions: 'enterJoint' } } },
            joint: { on: { Committed: [{ guard: 'isLeaving', target: '#engine.stopped' }, { target: 'stable' }] } },
          },
        },
        lease: { initial: 'valid', states: { valid: { after: { lease: 'expired' } }, expired: { tags: 'readonly' } } },
      },
    },
    crashed: { on: { Restart: 'running' } },
    stopped: { type: 'final' },
  },
});

/** Lines into and out of states within states within states, and back to history. */
export const nested: AnyStateMachine = createMachine({
  id: 'nested',
  initial: 'outer',
  states: {
    outer: {
      initial: 'middle',
      on: { Reset: '.middle', Leave: 'away' },
      states: {
        middle: {
          initial: 'one',
          onDone: 'finished',
          states: {
            one: { on: { Next: 'two', Escape: '#nested.away' } },
            two: { entry: 'work', on: { Next: 'end', Back: 'one', Out: '#nested.outer.finished' } },
            end: { type: 'final' },
          },
        },
        finished: { on: { Again: 'middle.two' } },
        last: { type: 'history', history: 'deep' },
      },
    },
    away: { on: { Return: '#nested.outer.last', Deep: '#nested.outer.middle.two' }, after: { patience: 'gone' } },
    gone: { type: 'final' },
  },
});

/** Names no author would choose: markup, and far too long. */
export const hostile: AnyStateMachine = createMachine({
  id: 'hostile',
  initial: 'a',
  states: {
    a: { on: { '<img src=x onerror=alert(1)>': { target: 'b', guard: 'x'.repeat(400), actions: ['y'.repeat(400)] } } },
    b: { on: { ['z'.repeat(400)]: 'a', 'quote"\'': 'a' } },
  },
});

/** `size` states in a ring with chords and self-loops. */
export const ring = (size: number): AnyStateMachine =>
  createMachine({
    id: 'ring',
    initial: 's0',
    states: Object.fromEntries(
      Array.from({ length: size }, (_, index) => [
        `s${index}`,
        {
          on: {
            Next: `s${(index + 1) % size}`,
            Jump: { target: `s${(index * 7 + 3) % size}`, guard: 'mayJump', actions: 'note' },
            Stay: { target: `s${index}`, reenter: true },
          },
        },
      ]),
    ),
  });

/** One state; nothing to lay out. */
export const single: AnyStateMachine = createMachine({ id: 'single' });

/** Sixty states as a large machine of an app has them: phases with steps, of which each may fail, be taken back or time out. */
export const sixty: AnyStateMachine = createMachine({
  id: 'sixty',
  initial: 'phase0',
  states: Object.fromEntries([
    ...Array.from({ length: 8 }, (_, phase) => [
      `phase${phase}`,
      {
        initial: 'step0',
        on: {
          Cancel: { target: 'cancelled', actions: 'clean' },
          Next: { guard: 'mayPass', target: `phase${(phase + 1) % 8}` },
        },
        states: Object.fromEntries(
          Array.from({ length: 6 }, (_, step) => [
            `step${step}`,
            {
              entry: 'show',
              on: {
                Go: { target: `step${(step + 1) % 6}`, guard: 'isValid', actions: 'keep' },
                Back: `step${Math.max(0, step - 1)}`,
              },
              after: { patience: { target: `step${step}`, reenter: true, actions: 'remind' } },
            },
          ]),
        ),
      },
    ]),
    ['cancelled', { on: { Again: 'phase0' } }],
    ['done', { type: 'final' }],
    ['failed', { always: { guard: 'isLost', target: 'done' } }],
    ['paused', { on: { Resume: 'phase3' } }],
  ]),
});
