import { describe, expect, expectTypeOf, it } from 'vitest';
import { assign, createActor, emit, setup } from 'xstate';
import { type Address, createEngine, type Message, perform, type SendEvent, send } from '../src/index.ts';

const PEER: Address = 'a@n1';

type Said = { readonly type: 'Said'; readonly text: string } | { readonly type: 'Counted'; readonly count: number };

const speaker = setup({
  types: {
    context: {} as { count: number },
    events: {} as { type: 'SAY'; text: string } | { type: 'COUNT' } | { type: 'BOTH' },
    emitted: {} as SendEvent<Said> | { type: 'heard'; count: number },
  },
}).createMachine({
  context: { count: 0 },
  on: {
    SAY: { actions: send(({ event }) => ({ to: PEER, message: { type: 'Said', text: event.text } })) },
    COUNT: {
      actions: [
        assign({ count: ({ context }) => context.count + 1 }),
        send(({ context }) => ({ to: [PEER, 'b@n2'], message: { type: 'Counted', count: context.count } })),
        emit(({ context }) => ({ type: 'heard', count: context.count })),
      ],
    },
    BOTH: {
      actions: perform(({ context }) => ({
        change: { count: context.count + 10 },
        emit: [
          { type: 'send', to: PEER, message: { type: 'Counted', count: 1 } },
          { type: 'heard', count: 2 },
        ],
      })),
    },
  },
});

describe('send and perform', () => {
  const engine = createEngine(speaker);
  const { snapshot } = engine.initial();

  it.each([
    {
      event: { type: 'SAY', text: 'hi' },
      effects: [{ kind: 'send', to: [PEER], message: { type: 'Said', text: 'hi' } }],
    },
    {
      event: { type: 'COUNT' },
      effects: [
        { kind: 'send', to: [PEER, 'b@n2'], message: { type: 'Counted', count: 1 } },
        { kind: 'emit', event: { type: 'heard', count: 1 } },
      ],
    },
    {
      event: { type: 'BOTH' },
      effects: [
        { kind: 'send', to: [PEER], message: { type: 'Counted', count: 1 } },
        { kind: 'emit', event: { type: 'heard', count: 2 } },
      ],
    },
  ])('show as data, in the order of the chart: $event.type', ({ event, effects }) => {
    expect(engine.step(snapshot, event).effects).toEqual(effects);
  });

  it('change context too', () => {
    expect(engine.step(snapshot, { type: 'BOTH' }).snapshot.context).toEqual({ count: 10 });
  });

  it('work in plain XState', () => {
    const actor = createActor(speaker);
    const sent: Message[] = [];
    actor.on('send', ({ message }) => sent.push(message));
    actor.start();
    actor.send({ type: 'COUNT' });
    expect(sent).toEqual([{ type: 'Counted', count: 1 }]);
  });

  it('know the event of their handler, and only messages that were declared', () => {
    setup({
      types: { events: {} as { type: 'SAY'; text: string } | { type: 'COUNT' }, emitted: {} as SendEvent<Said> },
    }).createMachine({
      on: {
        SAY: {
          actions: send(({ event }) => {
            expectTypeOf(event).toEqualTypeOf<{ type: 'SAY'; text: string }>();
            return { to: PEER, message: { type: 'Said', text: event.text } };
          }),
        },
        // @ts-expect-error: "Nonsense" is not among the machine's messages.
        COUNT: { actions: send(() => ({ to: PEER, message: { type: 'Nonsense' } })) },
      },
    });
  });
});
