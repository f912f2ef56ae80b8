import { address, type MemberStatus, type MembershipEvent, type TraceRecord } from '@synod/protocol';
import { afterEach } from 'vitest';
import {
  type ClusterEvent,
  type ClusterSystem,
  type ClusterSystemOptions,
  createMemoryNetwork,
  createSystem,
  createVirtualClock,
} from '../../src/index.ts';
import { claim, standIn } from './stand-in.ts';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  while (cleanUps.length > 0) await cleanUps.pop()?.();
});

/** Runs after the test, last first. */
export const afterTest = (cleanUp: () => unknown): void => void cleanUps.push(cleanUp);

/** A member and all that became known of it. */
export interface Node {
  readonly name: string;
  readonly system: ClusterSystem;
  readonly trace: readonly TraceRecord[];
  readonly events: readonly ClusterEvent[];
  /** Types of events, each with the member it is about. */
  told(): readonly string[];
  notes(code: string): readonly TraceRecord[];
}

/** A member whose trace and events are kept; it is killed after the test. */
export async function startNode(options: ClusterSystemOptions): Promise<Node> {
  const system = await createSystem(options);
  afterTest(() => system.kill());
  const trace: TraceRecord[] = [];
  const events: ClusterEvent[] = [];
  system.trace$.subscribe((record) => trace.push(record));
  system.cluster.events$.subscribe((event) => events.push(event));
  return {
    name: options.node,
    system,
    trace,
    events,
    told: () => events.map((event) => ('member' in event ? `${event.type} ${event.member.node}` : event.type)),
    notes: (code) => trace.filter((record) => record.type === 'note' && record.code === code),
  };
}

/** Members whose membership is what the test says, over the memory network, in virtual time. */
export async function staged(names: readonly string[], options: Partial<ClusterSystemOptions> = {}) {
  const clock = createVirtualClock();
  const network = createMemoryNetwork({ serialise: true });
  const nodes = new Map<string, Node>();
  const start = async (name: string, more: Partial<ClusterSystemOptions> = {}): Promise<Node> => {
    const own = { node: name, clock, seed: 1, transport: network.transport(), membership: standIn() };
    const started = await startNode({ ...own, ...options, ...more });
    nodes.set(name, started);
    return started;
  };
  for (const name of names) await start(name);
  const node = (name: string): Node => {
    const found = nodes.get(name);
    if (!found) throw new Error(`no ${name}`);
    return found;
  };
  /** Makes the protocol of `at` tell its system something. */
  const say = async (at: string, event: MembershipEvent) => {
    node(at).system.send(address('member', at), { type: 'test.say', event } as { type: string });
    await clock.advance(0);
  };
  /** As its own protocol would claim it. */
  const claimOf = (name: string, status: MemberStatus): MembershipEvent => {
    const self = node(name).system.cluster.members.find((member) => member.node === name);
    return claim(name, status, self?.metadata);
  };
  /** These hold another to be of that status. */
  const hold = async (by: Iterable<string>, about: string, status: MemberStatus) => {
    const event = claimOf(about, status);
    for (const at of by) if (at !== about) await say(at, event);
  };
  /** All that run get to know each other. */
  const meet = async () => {
    for (const name of nodes.keys()) await hold(nodes.keys(), name, 'alive');
    for (const name of nodes.keys()) await say(name, { type: 'memberJoined', through: null });
    // What they tell of themselves since they are in.
    for (const name of nodes.keys()) await hold(nodes.keys(), name, 'alive');
    await clock.advance(1);
  };
  return { clock, network, start, node, say, hold, meet };
}

/** As `staged`, and all are in. */
export async function together(names: readonly string[], options: Partial<ClusterSystemOptions> = {}) {
  const stage = await staged(names, options);
  await stage.meet();
  return stage;
}
