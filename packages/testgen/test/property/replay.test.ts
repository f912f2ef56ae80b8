import { isSynodError } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { assign, createMachine } from 'xstate';
import {
  encodePropertyReplay,
  explore,
  type MachineProperty,
  parsePropertyReplay,
  recordPropertyReplay,
  replayProperty,
} from '../../src/index.ts';

const machineTo = (most: number) =>
  createMachine({
    id: 'adder',
    context: { at: undefined as unknown, n: 0 },
    on: {
      ADD: {
        guard: ({ context }) => context.n < most,
        actions: assign({ n: ({ context }) => context.n + 1, at: ({ event }) => event.at }),
      },
    },
  });
const machine = machineTo(9);
const properties: readonly MachineProperty[] = [
  { name: 'below 2', kind: 'always', holds: ({ context }) => (context as { n: number }).n < 2 },
];
const values = {
  events: { ADD: [{ at: new Date(5), map: new Map([[1n, new Set([Number.NaN])]]), error: new Error('oh') }] },
};
const options = { properties, values, roundTrip: false, length: 20 };

async function recorded() {
  const { failure, seed } = await explore(machine, options);
  if (!failure) throw new Error('it finds no failure');
  return recordPropertyReplay({ module: './adder.ts#machine', machine: machine.id, seed, real: false }, failure);
}

describe('a replay file', () => {
  it('holds what it takes to have the run again, values and all', async () => {
    const file = await recorded();
    const read = parsePropertyReplay(encodePropertyReplay(file));
    expect(read).toEqual(file);
    expect(read.steps).toHaveLength(2);
    expect(replayProperty(machine, read, options)).toMatchObject({
      sameFailure: true,
      broken: { property: 'below 2' },
    });
    expect(replayProperty(machine, read, options).differsAt).toBeUndefined();
  });

  it('is the same to the byte for the same seed', async () => {
    expect(encodePropertyReplay(await recorded())).toBe(encodePropertyReplay(await recorded()));
  });

  it('tells when the run breaks nothing any more, and from where it differs', async () => {
    const replayed = replayProperty(machineTo(1), await recorded(), options);
    expect(replayed).toEqual({ sameFailure: false, differsAt: 2 });
  });
});

describe('a file that is none gets one sentence', () => {
  it.each([
    ['PROPERTY_REPLAY_INVALID', (text: string) => text.slice(0, -20), /not JSON/],
    ['PROPERTY_REPLAY_INVALID', (text: string) => text.replace('"seed"', '"sead"'), /seed/],
    ['PROPERTY_REPLAY_INVALID', (text: string) => text.replace('{"send"', '{"sand"'), /one thing/],
    ['PROPERTY_REPLAY_INVALID', (text: string) => text.replace('"Date"', '"Dote"'), /"Dote"/],
    ['REPLAY_VERSION', (text: string) => text.replace('"version": 1', '"version": 7'), /version 7/],
  ])('%s', async (code, change, says) => {
    const text = change(encodePropertyReplay(await recorded()));
    expect(() => parsePropertyReplay(text)).toThrow(says);
    try {
      parsePropertyReplay(text);
    } catch (error) {
      expect(isSynodError(error, code)).toBe(true);
    }
  });

  it('an instance of a class cannot be written down', async () => {
    class Money {}
    const file = await recorded();
    expect(() => encodePropertyReplay({ ...file, input: new Money() })).toThrow(/cannot hold an instance of Money/);
  });
});
