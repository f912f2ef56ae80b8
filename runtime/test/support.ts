import { type Address, defineProtocol, type Received, type SendEvent, send, type TraceRecord } from '@synod/protocol';
import * as v from 'valibot';
import { assign, emit, setup } from 'xstate';
import { createSystem, type System, type SystemOptions } from '../src/index.ts';

type Incoming =
  | { readonly type: 'Add'; readonly amount: number }
  | { readonly type: 'Read' }
  | { readonly type: 'Forward'; readonly to: Address }
  | { readonly type: 'Terminated'; readonly actor: Address; readonly reason: string }
  | { readonly type: 'Finish' };
type Total = { readonly type: 'Total'; readonly total: number };

interface CounterContext {
  readonly total: number;
  readonly seen: number;
  readonly ended: readonly string[];
}

interface CounterInput {
  readonly recovered?: { readonly total?: number };
}

/** Counts durably, answers, forwards, ticks every 10 ms while on, and throws when 13 is added. */
export const counterMachine = setup({
  types: {
    context: {} as CounterContext,
    events: {} as Received<Incoming>,
    input: {} as CounterInput,
    emitted: {} as SendEvent<Total | { type: 'Add'; amount: number }> | { type: 'added'; total: number },
  },
  delays: { tick: 10 },
}).createMachine({
  id: 'counter',
  context: ({ input }) => ({ total: input.recovered?.total ?? 0, seen: 0, ended: [] }),
  initial: 'on',
  states: {
    on: {
      after: { tick: { target: 'on', reenter: true, actions: assign({ seen: ({ context }) => context.seen + 1 }) } },
      on: {
        Add: {
          actions: [
            assign({
              total: ({ context, event }) => {
                if (event.amount === 13) throw new Error('13 is refused');
                return context.total + event.amount;
              },
            }),
            emit(({ context }) => ({ type: 'added', total: context.total })),
          ],
        },
        Read: {
          actions: send(({ context, event }) => ({ to: event.from, message: { type: 'Total', total: context.total } })),
        },
        Forward: { actions: send(({ event }) => ({ to: event.to, message: { type: 'Add', amount: 1 } })) },
        Terminated: {
          actions: assign({ ended: ({ context, event }) => [...context.ended, `${event.actor} ${event.reason}`] }),
        },
        Finish: 'done',
      },
    },
    done: { type: 'final' },
  },
});

export const counter = defineProtocol({
  name: 'counter',
  machine: counterMachine,
  messages: {
    Add: v.strictObject({ type: v.literal('Add'), amount: v.number() }),
    Read: v.strictObject({ type: v.literal('Read') }),
    Forward: v.strictObject({ type: v.literal('Forward'), to: v.custom<Address>((to) => typeof to === 'string') }),
  },
  durable: ['total'],
});

/** A system whose trace is kept. */
export async function traced(options: Partial<SystemOptions> = {}): Promise<{ system: System; trace: TraceRecord[] }> {
  const system = await createSystem({ node: 'n1', seed: 1, ...options });
  const trace: TraceRecord[] = [];
  system.trace$.subscribe((record) => trace.push(record));
  return { system, trace };
}

/** The records of one type. */
export const ofType = <T extends TraceRecord['type']>(trace: readonly TraceRecord[], type: T) =>
  trace.filter((record): record is Extract<TraceRecord, { type: T }> => record.type === type);
