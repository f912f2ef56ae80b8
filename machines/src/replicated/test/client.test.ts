import { createEngine, type Effect, received, step } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import type { AnyMachineSnapshot, EventObject } from 'xstate';
import { client } from '../client.ts';

const engine = createEngine(client.machine);
const servers = ['raft@n1', 'raft@n2'] as const;

/** A client and what its steps asked for, by step. */
class Client {
  snapshot: AnyMachineSnapshot;
  effects: readonly Effect[];

  constructor() {
    const { snapshot, effects } = engine.initial({ self: 'client@c1', seed: 1, servers } as never);
    this.snapshot = snapshot as AnyMachineSnapshot;
    this.effects = effects;
  }

  take(event: EventObject): void {
    const { snapshot, effects } = step(engine, this.snapshot as never, event as never);
    this.snapshot = snapshot as AnyMachineSnapshot;
    this.effects = effects;
  }

  hear(message: EventObject, from: (typeof servers)[number] = servers[0]): void {
    this.take(received(message, from, 0));
  }

  timeout(delay: string): void {
    this.take({ type: `xstate.after.${delay}.client.${String(this.snapshot.value)}` });
  }

  get sends() {
    return this.effects.flatMap((effect) => (effect.kind === 'send' ? [{ to: effect.to[0], ...effect.message }] : []));
  }

  get told() {
    return this.effects.flatMap((effect) => (effect.kind === 'emit' ? [effect.event] : []));
  }
}

const asking = (): Client => {
  const one = new Client();
  one.hear({ type: 'RegisterClientReply', status: 'OK', clientId: 7 } as EventObject);
  one.timeout('think');
  return one;
};

const sequence = (fields: object) => ({ type: 'ClientReply', sequenceNum: 1, ...fields }) as EventObject;

describe('a client of a replicated store', () => {
  it('registers first, and asks another server when there is no answer', () => {
    const one = new Client();
    expect(one.sends).toEqual([{ to: 'raft@n1', type: 'RegisterClient' }]);
    one.timeout('patience');
    expect(one.sends).toEqual([{ to: 'raft@n2', type: 'RegisterClient' }]);
  });

  it('begins an operation, tells of it, and of its answer', () => {
    const one = asking();
    expect(one.told).toMatchObject([{ type: 'operation.invoked', operation: 1 }]);
    expect(one.sends).toMatchObject([{ to: 'raft@n1', type: 'ClientRequest', clientId: 7, sequenceNum: 1 }]);
    one.hear(sequence({ status: 'OK', response: 5 }));
    expect(one.told).toEqual([{ type: 'operation.returned', operation: 1, output: 5 }]);
    expect(one.snapshot.value).toBe('thinking');
  });

  it('asks the leader that it is told of, with the same number', () => {
    const one = asking();
    one.hear(sequence({ status: 'NOT_LEADER', leaderHint: 'raft@n2' }));
    expect(one.snapshot.value).toBe('waiting');
    one.timeout('backoff');
    expect(one.sends).toMatchObject([{ to: 'raft@n2', sequenceNum: 1 }]);
  });

  it('an answer to an earlier request is none', () => {
    const one = asking();
    one.hear({ ...sequence({ status: 'OK', response: 5 }), sequenceNum: 0 } as EventObject);
    expect([one.snapshot.value, one.told]).toEqual(['asking', []]);
  });

  it('leaves an operation open whose session has expired, and registers anew', () => {
    const one = asking();
    one.hear(sequence({ status: 'SESSION_EXPIRED' }));
    expect([one.snapshot.value, one.told]).toEqual(['registering', []]);
    one.hear({ type: 'RegisterClientReply', status: 'OK', clientId: 9 } as EventObject);
    one.timeout('think');
    expect(one.told).toMatchObject([{ type: 'operation.invoked', operation: 2 }]);
    expect(one.sends).toMatchObject([{ clientId: 9, sequenceNum: 1 }]);
  });
});
