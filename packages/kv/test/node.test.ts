import { type Envelope, isSynodError } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import type { KvNode } from '../src/node.ts';
import { VirtualCluster } from './cluster.ts';

const others = (leader: string) => ['n1', 'n2', 'n3'].filter((name) => name !== leader) as [string, string];

const type = ({ message }: Envelope) => message.type;

/** Loses the first envelope that `which` describes. */
function loseFirst(which: (envelope: Envelope) => boolean) {
  let lost = 0;
  return (envelope: Envelope) => (lost === 0 && which(envelope) && ++lost ? 'drop' : 'deliver');
}

const isOk = ({ message }: Envelope) => (message as { status?: string }).status === 'OK';

/** All changes that a node applies from now on. */
function changesOf(node: KvNode) {
  const changes: unknown[] = [];
  node.watch({ prefix: '' }, 0).subscribe((change) => changes.push(change));
  return changes;
}

const rejection = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => (isSynodError(error) ? error : expect.unreachable(String(error))),
  );

describe('requests', () => {
  it('are served by any node', async () => {
    const { cluster, settle } = await virtual();
    const [leader, follower] = [cluster.leader() as string, others(cluster.leader() as string)[0]];
    const { revision } = await settle(cluster.node(follower).put('a', '1'));
    expect(revision).toBeGreaterThan(0);
    expect(await settle(cluster.node(leader).get('a'))).toEqual({ value: '1', revision });
    const second = await settle(cluster.node(leader).cas('a', revision, '2'));
    expect(second).toEqual({ revision: expect.toSatisfy((next: number) => next > revision), created: false });
    const stale = await settle(rejection(cluster.node(follower).put('a', '3', { expected: revision })));
    expect(stale).toMatchObject({
      code: 'KV_REVISION_MISMATCH',
      definite: true,
      details: { revision: second.revision },
    });
    expect(await settle(rejection(cluster.node(follower).delete('a', { expected: 0 })))).toMatchObject({
      code: 'KV_REVISION_MISMATCH',
    });
    expect((await settle(cluster.node(follower).delete('a'))).revision).toBeGreaterThan(second.revision);
    expect(await settle(cluster.node(follower).delete('a'))).toEqual({ revision: null });
    expect(await settle(cluster.node(leader).get('a'))).toBeNull();
    await settle(cluster.stop());
  });

  it('are checked before they come near the log', async () => {
    const { cluster, settle } = await virtual();
    const node = cluster.node('n1');
    const { lastLogIndex } = node.status();
    expect(await rejection(node.get(''))).toMatchObject({ code: 'KV_KEY_INVALID', definite: true });
    expect(await rejection(node.put('k'.repeat(1025), ''))).toMatchObject({ code: 'KV_KEY_INVALID' });
    expect(await rejection(node.put('k', 'x'.repeat(1_048_577)))).toMatchObject({ code: 'KV_VALUE_TOO_LARGE' });
    expect(await rejection(node.put('k', '\ud800'))).toMatchObject({ code: 'KV_VALUE_INVALID' });
    expect(await rejection(node.delete('..'))).toMatchObject({ code: 'KV_KEY_INVALID' });
    expect(node.status().lastLogIndex).toBe(lastLogIndex);
    await settle(cluster.stop());
  });

  it('are many at once, each applied once', async () => {
    const { cluster, settle } = await virtual();
    const changes = changesOf(cluster.node('n1'));
    const writes = Array.from({ length: 60 }, (_, at) => cluster.node(`n${(at % 3) + 1}`).put(`k${at % 7}`, `${at}`));
    const revisions = (await settle(Promise.all(writes))).map(({ revision }) => revision);
    expect(new Set(revisions).size).toBe(60);
    await settle(cluster.node('n1').get('k0'));
    expect(changes).toHaveLength(60);
    await settle(cluster.stop());
  });

  it('survive the death of the leader while they are under way, and take effect once', async () => {
    const { cluster, settle, until } = await virtual();
    const leader = cluster.leader() as string;
    const [one, two] = others(leader);
    const changes = changesOf(cluster.node(two));
    // The request is replicated and committed, and the leader dies before it can say so.
    cluster.route = loseFirst((envelope) => type(envelope) === 'ClientReply');
    const write = cluster.node(one).put('a', '1', { expected: 0 });
    await until(() => cluster.node(leader).revision > 0);
    await cluster.kill(leader);
    const { revision, created } = await settle(write);
    expect(created).toBe(true);
    expect(await settle(cluster.node(two).get('a'))).toEqual({ value: '1', revision });
    expect(changes).toEqual([{ key: 'a', revision, value: '1' }]);
    await settle(cluster.stop());
  });

  it('are sent again when an answer is lost, and take effect once', async () => {
    const { cluster, settle } = await virtual();
    const leader = cluster.leader() as string;
    const changes = changesOf(cluster.node(leader));
    const sent: Envelope[] = [];
    const lose = loseFirst((envelope) => type(envelope) === 'ClientReply');
    cluster.route = (envelope) => {
      if (type(envelope) === 'ClientRequest') sent.push(envelope);
      return lose(envelope);
    };
    const { revision } = await settle(cluster.node(others(leader)[0]).put('a', '1', { expected: 0 }));
    expect(sent.map(({ message }) => message)).toEqual([sent[0]?.message, sent[0]?.message]);
    expect(changes).toEqual([{ key: 'a', revision, value: '1' }]);
    await settle(cluster.stop());
  });

  it('share one session of the node, also the first ones', async () => {
    const { cluster, settle } = await virtual();
    const registrations: Envelope[] = [];
    cluster.route = (envelope) => {
      if (type(envelope) === 'RegisterClient') registrations.push(envelope);
      return 'deliver';
    };
    const node = cluster.node(others(cluster.leader() as string)[0]);
    await settle(Promise.all([node.put('a', '1'), node.put('b', '2'), node.get('a')]));
    expect(registrations).toHaveLength(1);
    await settle(cluster.stop());
  });
});

describe('without a majority', () => {
  it('a write whose fate is unknown ends in KV_TIMEOUT, and a read does no harm', async () => {
    const { cluster, clock, settle } = await virtual();
    const leader = cluster.leader() as string;
    await settle(cluster.node(leader).put('a', '1'));
    for (const name of others(leader)) await cluster.kill(name);
    const start = clock.now();
    const [write, read] = await settle(
      Promise.all([
        rejection(cluster.node(leader).put('a', '2', { timeoutMs: 700 })),
        rejection(cluster.node(leader).get('a', { timeoutMs: 700 })),
      ]),
    );
    expect(write).toMatchObject({ code: 'KV_TIMEOUT', definite: false });
    expect(read).toMatchObject({ code: 'KV_TIMEOUT', definite: true });
    expect(clock.now() - start).toBeLessThan(750);
    await settle(cluster.stop());
  });

  it('a follower without a leader ends requests in KV_NO_LEADER, and nothing was done', async () => {
    const { cluster, settle, until } = await virtual();
    const leader = cluster.leader() as string;
    const [one, two] = others(leader);
    for (const name of [leader, two]) await cluster.kill(name);
    await until(() => cluster.node(one).status().leader === null);
    for (const timeoutMs of [200, undefined]) {
      const options = timeoutMs === undefined ? {} : { timeoutMs };
      const error = await settle(rejection(cluster.node(one).put('a', '1', options)));
      expect(error).toMatchObject({ code: 'KV_NO_LEADER', definite: true });
    }
    expect(await settle(rejection(cluster.node(one).openSession()))).toMatchObject({ code: 'KV_NO_LEADER' });
    await cluster.start(two);
    expect((await settle(cluster.node(one).put('a', '1'))).created).toBe(true);
    await settle(cluster.stop());
  });

  it('a leader that is cut off cannot answer a read, though it does not know', async () => {
    const { cluster, settle, until } = await virtual();
    const stale = cluster.leader() as string;
    await settle(cluster.node(stale).put('a', '1'));
    cluster.route = ({ from, to }) => (from.endsWith(`@${stale}`) !== to.endsWith(`@${stale}`) ? 'drop' : 'deliver');
    await until(() => cluster.leader(others(stale)));
    await settle(cluster.node(others(stale)[0]).put('a', '2'));
    expect(cluster.node(stale).status().role).toBe('leader');
    const reading = cluster.node(stale).get('a', { timeoutMs: 20_000 });
    expect(await settle(rejection(cluster.node(stale).get('a', { timeoutMs: 500 })))).toMatchObject({
      code: 'KV_TIMEOUT',
    });
    cluster.route = () => 'deliver';
    expect((await settle(reading))?.value).toBe('2');
    await settle(cluster.stop());
  });

  it('a stopped system ends requests at once', async () => {
    const { cluster, settle } = await virtual();
    const leader = cluster.leader() as string;
    cluster.route = ({ from }) => (from.endsWith(`@${leader}`) ? 'deliver' : 'drop');
    const write = rejection(cluster.node(leader).put('a', '1'));
    const stopped = cluster.system(leader).kill();
    expect(await write).toMatchObject({ code: 'SYSTEM_STOPPED', definite: true });
    await stopped;
    expect(await rejection(cluster.node(leader).put('a', '1'))).toMatchObject({
      code: 'SYSTEM_STOPPED',
      definite: true,
    });
    await settle(cluster.stop());
  });
});

describe('sessions', () => {
  const few = { raft: { maxSessions: 2 } };

  it('of the node are opened anew when they have expired, and the request is done once', async () => {
    const { cluster, settle } = await virtual(few);
    const node = cluster.node('n1');
    const changes = changesOf(node);
    await settle(node.put('a', '1'));
    for (let opened = 0; opened < 2; opened++) await settle(cluster.node('n2').openSession());
    await settle(Promise.all([node.put('a', '2'), node.put('b', '1'), node.get('a')]));
    expect(changes).toHaveLength(3);
    await settle(cluster.stop());
  });

  it('that expire between two tries leave a write open, but not a read', async () => {
    const { cluster, settle, until } = await virtual(few);
    const leader = cluster.leader() as string;
    const [one, two] = others(leader);
    await settle(cluster.node(one).put('a', '1'));
    for (const what of ['write', 'read']) {
      await settle(cluster.node(one).get('a'));
      let lost = false;
      cluster.route = (envelope) => {
        const drop = !lost && isOk(envelope) && envelope.to.endsWith(`@${one}`);
        lost ||= drop;
        return drop ? 'drop' : 'deliver';
      };
      const request: Promise<unknown> =
        what === 'write' ? rejection(cluster.node(one).put('a', '2')) : cluster.node(one).get('a');
      await until(() => lost);
      for (let opened = 0; opened < 2; opened++) await settle(cluster.node(two).openSession());
      if (what === 'read') expect(await settle(request)).toMatchObject({ value: '2' });
      else expect(await settle(request)).toMatchObject({ code: 'KV_SESSION_EXPIRED', definite: false });
    }
    await settle(cluster.stop());
  });

  it('of a client make a retry through another node harmless', async () => {
    const { cluster, settle } = await virtual();
    const clientId = await settle(cluster.node('n1').openSession());
    const session = { clientId, sequenceNum: 1, answeredBelow: 1 };
    const first = await settle(cluster.node('n1').put('a', '1', { session, expected: 0 }));
    const changes = changesOf(cluster.node('n2'));
    expect(await settle(cluster.node('n2').put('a', '1', { session, expected: 0 }))).toEqual(first);
    expect(await settle(cluster.node('n3').put('a', '1', { session, expected: 0 }))).toEqual(first);
    expect(changes).toHaveLength(1);
    await settle(cluster.stop());
  });

  it('of a client refuse wrong numbers', async () => {
    const { cluster, settle } = await virtual();
    const node = cluster.node('n1');
    const clientId = await settle(node.openSession());
    await settle(node.put('a', '1', { session: { clientId, sequenceNum: 2, answeredBelow: 1 } }));
    const refused = [
      { clientId, sequenceNum: 2, answeredBelow: 1 },
      { clientId, sequenceNum: 2, answeredBelow: 3 },
      { clientId, sequenceNum: 2_000, answeredBelow: 1 },
    ];
    for (const session of refused) {
      expect(await settle(rejection(node.get('a', { session })))).toMatchObject({ code: 'KV_SESSION_INVALID' });
    }
    await settle(cluster.stop());
  });

  it.each([[1], [999_999]])('of a client that are not known leave the outcome open: %i', async (clientId) => {
    const { cluster, settle } = await virtual();
    const session = { clientId, sequenceNum: 1, answeredBelow: 1 };
    const error = await settle(rejection(cluster.node('n1').put('a', '1', { session })));
    expect(error).toMatchObject({ code: 'KV_SESSION_EXPIRED', definite: false, details: { sent: 1 } });
    await settle(cluster.stop());
  });
});

it('tells its status', async () => {
  const { cluster, settle } = await virtual();
  const leader = cluster.leader() as string;
  const { revision } = await settle(cluster.node(leader).put('a', '1'));
  const status = cluster.node(leader).status();
  expect(status).toEqual({
    node: leader,
    role: 'leader',
    term: expect.any(Number),
    leader,
    commitIndex: revision,
    lastApplied: revision,
    lastLogIndex: revision,
    peers: others(leader),
  });
  expect(cluster.node(others(leader)[0]).status()).toMatchObject({ role: 'follower', leader, term: status.term });
  await settle(cluster.stop());
});

it('tells who leads, and when nobody does', async () => {
  const { cluster, settle, until } = await virtual();
  const leader = cluster.leader() as string;
  const [one, two] = others(leader);
  const seen: (string | null)[] = [];
  let ended = false;
  cluster.node(one).leader$.subscribe({
    next: ({ leader }) => seen.push(leader),
    complete: () => {
      ended = true;
    },
  });
  expect(seen).toEqual([leader]);
  await cluster.kill(leader);
  const next = await until(() => cluster.leader([one, two]));
  expect(seen.at(-1)).toBe(next);
  expect(seen.slice(1, -1)).toContain(null);
  await cluster.kill(one);
  await settle(cluster.stop());
  expect(ended).toBe(true);
});

async function virtual(options: Parameters<typeof VirtualCluster.create>[0] = {}) {
  const made = await VirtualCluster.create(options);
  return { cluster: made.cluster, clock: made.clock, settle: made.settle.bind(made), until: made.until.bind(made) };
}
