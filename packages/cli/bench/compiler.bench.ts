import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compile } from '@synod/compiler';
import { protocol } from '@synod/machines/raft';
import { type Address, createEngine, type Effect, type Engine, received } from '@synod/protocol';
import type { EventObject } from 'xstate';
import { argumentsOf, JSON_OPTION } from './arguments.ts';

// Steps a second of a compiled and of an interpreted Raft server: the same events, of a cluster of five that serves a client, with each
// engine in a process of its own. Run: pnpm run bench compiler [--json]

const NODES = 5;
const REQUESTS = 1_000;
const ROUNDS = 15;

/** One step of the run that is measured: which server takes up what. */
interface Taken {
  readonly server: number;
  readonly event: EventObject;
}

type Snapshots = ReturnType<Engine['initial']>['snapshot'][];

const addresses = Array.from({ length: NODES }, (_, index): Address => `raft@n${index + 1}`);
const input = (self: Address) => ({ self, seed: 1, peers: addresses.filter((peer) => peer !== self) });
const start = (engine: Engine): Snapshots => addresses.map((self) => engine.initial(input(self)).snapshot);

/** A run without faults: an election, and then requests of one client, with a heartbeat after each tenth. */
function record(engine: Engine): Taken[] {
  const snapshots = start(engine);
  const taken: Taken[] = [];
  const queue: Taken[] = [];
  let heartbeat: EventObject | undefined;
  const conclude = (server: number, effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if (effect.kind === 'setTimer' && effect.id.includes('heartbeat')) heartbeat = effect.event;
      if (effect.kind !== 'send') continue;
      for (const to of effect.to) {
        const index = addresses.indexOf(to);
        if (index >= 0) queue.push({ server: index, event: received(effect.message, addresses[server] as Address, 0) });
      }
    }
  };
  const take = (first: Taken): void => {
    queue.push(first);
    for (let next = queue.shift(); next; next = queue.shift()) {
      taken.push(next);
      const { snapshot, effects } = engine.step(snapshots[next.server] as Snapshots[number], next.event);
      snapshots[next.server] = snapshot;
      conclude(next.server, effects);
    }
  };
  take({ server: 0, event: { type: 'xstate.after.electionTimeout.raft.follower' } });
  const ask = (message: { type: string }) => take({ server: 0, event: received(message, 'client@c', 0) });
  ask({ type: 'RegisterClient' });
  const clientId = (snapshots[0] as Snapshots[number]).context.lastApplied;
  for (let sequenceNum = 1; sequenceNum <= REQUESTS; sequenceNum++) {
    const command = { type: 'write', value: sequenceNum };
    ask({ type: 'ClientRequest', clientId, sequenceNum, answeredBelow: sequenceNum, command } as { type: string });
    if (sequenceNum % 10 === 0 && heartbeat) take({ server: 0, event: heartbeat });
  }
  return taken;
}

/** Steps a second, of the fastest of several rounds: what disturbs a round only ever slows it. */
function measure(name: string): number {
  const create = name === 'compiled' ? compile : createEngine;
  const engine: Engine = create(protocol.machine);
  const steps = record(createEngine(protocol.machine));
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const snapshots = start(engine);
    const begun = performance.now();
    for (const { server, event } of steps) {
      snapshots[server] = engine.step(snapshots[server] as Snapshots[number], event).snapshot;
    }
    best = Math.max(best, (steps.length / (performance.now() - begun)) * 1_000);
  }
  return best;
}

const values = argumentsOf({
  name: 'compiler',
  about: 'Steps a second of a compiled and of an interpreted Raft server, each in a process of its own.',
  options: { json: JSON_OPTION, engine: { type: 'string' } },
});
if (values.engine !== undefined) process.stdout.write(JSON.stringify(measure(values.engine)));
else {
  const alone = (name: string): number => {
    const args = [...process.execArgv, fileURLToPath(import.meta.url), '--engine', name];
    return Number(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  };
  const [interpreted, compiled] = [alone('interpreted'), alone('compiled')];
  const ratio = compiled / interpreted;
  if (values.json) process.stdout.write(`${JSON.stringify({ interpreted, compiled, ratio })}\n`);
  else {
    const line = (name: string, perSecond: number) =>
      `${name.padEnd(14)}${perSecond.toFixed(0).padStart(10)} steps/s${(1e6 / perSecond).toFixed(2).padStart(8)} µs a step\n`;
    process.stdout.write(
      `Raft, a server of ${NODES}\n${line('interpreted', interpreted)}${line('compiled', compiled)}ratio ${ratio.toFixed(1)}\n`,
    );
  }
}
