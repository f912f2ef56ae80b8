import { heartProtocol } from '@synod/machines/heartbeat-detector';
import { type PhiContext, phiProtocol } from '@synod/machines/phi-accrual';
import { specification as raft } from '@synod/machines/raft';
import {
  type Address,
  address,
  defineSpecification,
  type Member,
  nodeOf,
  type Protocol,
  perform,
  type TraceRecord,
} from '@synod/protocol';
import { BUSIEST, simulate } from '@synod/simulator';
import { max, mean, quantileSorted } from 'simple-statistics';
import * as v from 'valibot';
import { argumentsOf, JSON_OPTION } from './arguments.ts';

// What a failure detector is worth to Raft: from the crash of a leader to the election of the next, with and without. In simulated time; the same
// seeds give the same figures. Run: pnpm run bench failover [--json]

const SEEDS = 200;
const SERVERS = ['n1', 'n2', 'n3', 'n4', 'n5'];
const CRASH_MS = 10_000;
const SECONDS = 15;

/** As `synod run kv` runs it. */
const TIMING = { electionTimeoutMs: [500, 1_000], heartbeatIntervalMs: 100 };
/** A heartbeat as often as the leader's; one false suspicion in 10⁸, and 20 ms of deviation at least. */
const DETECTOR = { threshold: 8, minDeviationMs: 20, firstEstimateMs: 100 };
const HEARTBEAT_MS = 100;

/** The φ detector of a node, wired to the server there. */
const listening = (node: string): Protocol => ({
  ...(phiProtocol as unknown as Protocol),
  machine: phiProtocol.machine.provide({
    actions: {
      announceSuspected: perform(({ context }) => {
        const { watched } = context as unknown as PhiContext;
        const message = { type: 'detector.suspected', node: nodeOf(watched) };
        return { emit: [{ type: 'send', to: address('raft', node), message } as never] };
      }) as never,
    },
  }) as never,
});

/** Outside of a bench the embedder tells the server, and no message may. */
const heeding = (server: Protocol): Protocol => ({
  ...server,
  messages: {
    ...server.messages,
    'detector.suspected': v.strictObject({ type: v.literal('detector.suspected'), node: v.string() }),
  },
});

const others = (node: string) => SERVERS.filter((other) => other !== node);

/** Each node beats for the others, and watches them. */
const detection = (node: string): Member[] => [
  {
    address: address('heart', node),
    role: 'heart',
    input: { watchers: others(node).map((other) => address(`watch-${node}`, other)), intervalMs: HEARTBEAT_MS },
  },
  ...others(node).map((other) => ({
    address: address(`watch-${other}`, node),
    role: `detector-${node}`,
    input: { watched: address('heart', other), ...DETECTOR },
  })),
];

const cluster = (listens: boolean) =>
  defineSpecification({
    name: 'failover',
    title: 'Fail-over',
    roles: {
      ...raft.roles,
      server: heeding(raft.roles.server as Protocol),
      heart: heartProtocol as unknown as Protocol,
      ...Object.fromEntries(SERVERS.map((node) => [`detector-${node}`, listening(node)])),
    },
    models: [],
    mutants: [],
    simulations: [
      {
        name: 'failover',
        about: 'Five servers under load, whose leader crashes.',
        nodes: { default: SERVERS.length, min: SERVERS.length, max: SERVERS.length },
        clients: { default: 3, min: 1, max: 16 },
        configure: (size) => {
          const store = raft.simulations.find(({ name }) => name === 'store');
          if (!store) throw new Error('Raft has no simulation "store"');
          const { members, properties } = store.configure(size);
          const timed = members.map((member) =>
            member.role === 'server' ? { ...member, input: { ...member.input, ...TIMING } } : member,
          );
          return { members: [...timed, ...(listens ? SERVERS.flatMap(detection) : [])], properties };
        },
      },
    ],
  });

interface Run {
  /** From the crash to the moment at which another server knows that it leads, in milliseconds. */
  readonly failoverMs: number;
  /** Leaders elected before the crash; 1 unless somebody was wrongly suspected. */
  readonly elections: number;
}

const isElected = (record: TraceRecord): boolean =>
  record.type === 'emit' &&
  record.event.type === 'leaderChanged' &&
  (record.event as unknown as { leader: Address | null }).leader === record.actor;

function run(listens: boolean, seed: number): Run {
  let [crashedAt, elections] = [Number.POSITIVE_INFINITY, 0];
  let electedAt: number | undefined;
  const { violations } = simulate(cluster(listens), {
    seed,
    seconds: SECONDS,
    coverage: false,
    schedule: [{ kind: 'crash', nodes: [BUSIEST], atMs: CRASH_MS, forMs: 1_000 * SECONDS }],
    trace: (record) => {
      if (record.type === 'crash') crashedAt = record.at;
      else if (!isElected(record)) return;
      else if (record.at < crashedAt) elections++;
      else electedAt ??= record.at;
    },
  });
  if (violations[0]) throw new Error(`seed ${seed}: ${violations[0].message}`);
  if (electedAt === undefined) throw new Error(`seed ${seed}: no leader was elected after the crash`);
  return { failoverMs: electedAt - crashedAt, elections };
}

function measure(listens: boolean) {
  const runs = Array.from({ length: SEEDS }, (_, at) => run(listens, at + 1));
  const sorted = runs.map(({ failoverMs }) => failoverMs).sort((a, b) => a - b);
  return {
    detector: listens ? 'φ = 8' : 'none',
    medianMs: quantileSorted(sorted, 0.5),
    p99Ms: quantileSorted(sorted, 0.99),
    meanMs: mean(sorted),
    mostMs: max(sorted),
    needlessElections: runs.reduce((sum, { elections }) => sum + elections - 1, 0),
  };
}

const { json } = argumentsOf({
  name: 'failover',
  about:
    'From the crash of a leader to the election of the next, with a failure detector and without, in simulated time.',
  options: { json: JSON_OPTION },
});
const rows = [measure(false), measure(true)];
if (json) process.stdout.write(`${JSON.stringify({ seeds: SEEDS, rows })}\n`);
else {
  const line = (cells: readonly string[]) =>
    `${cells.map((cell, at) => (at === 0 ? cell.padEnd(12) : cell.padStart(14))).join('')}\n`;
  process.stdout.write(
    `Raft, 5 servers, election timeout 500–1,000 ms: from the leader's crash to the next leader, seeds 1..${SEEDS}\n`,
  );
  process.stdout.write(line(['detector', 'median ms', '99 % ms', 'mean ms', 'most ms', 'needless']));
  for (const row of rows)
    process.stdout.write(
      line([
        row.detector,
        ...[row.medianMs, row.p99Ms, row.meanMs, row.mostMs].map((ms) => ms.toFixed(0)),
        String(row.needlessElections),
      ]),
    );
}
