import { setTimeout as wait } from 'node:timers/promises';
import { createInspector } from '@statelyai/inspect';
import type { TraceRecord } from '@synod/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AnyEventObject, type AnyStateMachine, createActor, SimulatedClock } from 'xstate';
import { gameMachine } from '../../packages/examples/src/game.ts';
import { mediaPlayerMachine } from '../../packages/examples/src/media-player.ts';
import { trafficLightMachine } from '../../packages/examples/src/traffic-light.ts';
import { inspected } from '../src/apps/inspection.ts';
import { Observer } from '../src/apps/observer.ts';
import { readFrame } from '../src/apps/stately/frames.ts';
import { Translator } from '../src/apps/stately/translator.ts';
import { shopMachine } from './support/apps.ts';

interface Case {
  readonly what: string;
  readonly machine: AnyStateMachine;
  readonly input?: object;
  /** A number lets so many milliseconds pass. */
  readonly events: readonly (AnyEventObject | number)[];
  /** Events that the machine raises: nobody tells of those. */
  readonly raised?: RegExp;
}

const types = (...names: string[]) => names.map((type) => ({ type }));

const CASES: readonly Case[] = [
  {
    what: 'invocations, guards and always',
    machine: shopMachine,
    events: [{ type: 'ADD', items: 1 }, { type: 'ADD', items: 9 }, ...types('PAY', 'PAY', 'CANCEL'), 60_000],
    raised: /#COUNT/,
  },
  {
    what: 'parallel regions',
    machine: mediaPlayerMachine,
    input: { url: 'x' },
    events: [...types('PLAY', 'PAUSE', 'MUTE', 'UNMUTE'), { type: 'TIME', position: 100 }, { type: 'RATE', rate: 9 }],
  },
  {
    what: 'deep and shallow history',
    machine: gameMachine,
    events: [
      ...types('START', 'DOOR', 'JUMP', 'LAND', 'PAUSE', 'RESUME', 'RESTART_LEVEL', 'FLAG'),
      { type: 'COIN', worth: 1 },
    ],
  },
  {
    what: 'delays',
    machine: trafficLightMachine,
    events: [...types('BUTTON', 'POWER_OUTAGE', 'POWER_RESTORED'), 3_000, 5_000, 8_000, 10_000],
    raised: /#(CARS_STOPPED|CROSSING_CLEAR)/,
  },
];

it.each(CASES)('transitions are inferred from states alone, as they were taken: $what', async (each) => {
  const sequence = fc.array(fc.constantFrom(...each.events), { minLength: 30, maxLength: 30 });
  let steps = 0;
  for (const run of fc.sample(sequence, { seed: 42, numRuns: 30 })) {
    const { taken, inferred } = await watchTwice(each, run);
    expect(inferred).toEqual(taken);
    steps += taken.filter(({ transitions }) => transitions.length > 0).length;
  }
  expect(steps).toBeGreaterThan(100);
});

/** One run as XState itself tells of it, and as it is inferred from what `@statelyai/inspect` makes of it. */
async function watchTwice({ machine, input, raised }: Case, run: readonly (AnyEventObject | number)[]) {
  const told: TraceRecord[] = [];
  const guessed: TraceRecord[] = [];
  const observer = new Observer('a');
  observer.subscribe((record) => told.push(record));
  const translator = new Translator('a', (record) => guessed.push(record));
  // What is cut is not found: the definitions come whole here.
  const options = { serializationDepthLimit: 40 };
  const inspector = createInspector({ send: (frame) => translator.take(readFrame(JSON.stringify(frame))) }, options);
  const clock = new SimulatedClock();
  const actor = createActor(machine, {
    input,
    clock,
    inspect: (event) => {
      observer.next(inspected(event));
      inspector.inspect.next?.(event);
    },
  }).start();
  for (const event of run) {
    if (actor.getSnapshot().status !== 'active') break;
    if (typeof event === 'number') clock.increment(event);
    else actor.send(event);
    await null;
  }
  if (actor.getSnapshot().status === 'active') actor.stop();
  // The library tells of each thing in a timer of its own, in order.
  await wait(0);
  await expect.poll(() => guessed.filter(({ type }) => type === 'stop' || type === 'crash').length).toBeGreaterThan(0);
  return { taken: macrosteps(told, raised), inferred: macrosteps(guessed) };
}

/** What the root took up, and by which transitions. */
function macrosteps(records: readonly TraceRecord[], raised?: RegExp) {
  const steps: { event: string; transitions: string[] }[] = [];
  const root = records.find((record) => record.type === 'spawn')?.actor;
  for (const record of records) {
    if (record.type === 'receive' && record.actor === root) steps.push({ event: record.event.type, transitions: [] });
    if (record.type === 'transition' && record.actor === root && record.event !== 'xstate.init')
      steps.at(-1)?.transitions.push(...record.transitions.filter((ref) => !raised?.test(ref)));
  }
  return steps;
}
