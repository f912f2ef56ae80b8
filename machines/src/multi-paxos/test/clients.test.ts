import { describe, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import {
  accepted,
  b,
  client,
  heartbeat,
  inState,
  leading,
  n2,
  n3,
  nack,
  own,
  passive,
  register,
  request,
  sent,
  states,
} from './support.ts';

const messages = (cluster: Cluster) => cluster.replies.map(({ message }) => message);

/** A cluster that n1 leads, with a session: its id is 1, the slot in which it was registered. */
function withSession(): Cluster {
  const cluster = new Cluster();
  cluster.timeout('n1');
  cluster.settle();
  cluster.ask('n1', register);
  cluster.settle();
  return cluster;
}

describe('clients', () => {
  it('register, and are answered once it is applied', () => {
    expect(messages(withSession())).toEqual([{ type: 'RegisterClientReply', status: 'OK', clientId: 1 }]);
  });

  it('are answered when their command is applied, in the order of the slots', () => {
    const replica = leading();
    replica.deliver(client, register);
    replica.deliver('client@c2', request('x'));
    replica.deliver(n2, accepted(own(replica), 2));
    const { sends, emits } = replica.deliver(n2, accepted(own(replica), 1));
    expect(sends).toEqual([
      { to: client, message: { type: 'RegisterClientReply', status: 'OK', clientId: 1 } },
      { to: 'client@c2', message: { type: 'ClientReply', status: 'OK', sequenceNum: 1, response: 1 } },
    ]);
    expect(emits).toMatchObject([
      {
        type: 'applied',
        entries: [
          { index: 1, response: 1 },
          { index: 2, response: 1, entry: { command: 'x' } },
        ],
      },
    ]);
    expect(replica.context.waiting.size).toBe(0);
  });

  it.each(['passive', 'preparing'] as const)('are sent elsewhere by one that is %s', (state) => {
    const replica = inState[state]();
    expect(sent(replica.deliver(client, request('x', 4)), 'ClientReply')).toEqual([
      { type: 'ClientReply', status: 'NOT_LEADER', sequenceNum: 4, leaderHint: null },
    ]);
  });

  it('are told who leads, by one that knows', () => {
    const replica = passive();
    replica.deliver(n3, heartbeat(b(1, n3)));
    expect(sent(replica.deliver(client, register), 'RegisterClientReply')).toEqual([
      { type: 'RegisterClientReply', status: 'NOT_LEADER', leaderHint: n3 },
    ]);
  });

  it('that wait for a leader which steps back are sent elsewhere, also those in its queue', () => {
    const replica = leading({ window: 1 });
    replica.deliver(client, register);
    replica.deliver('client@c2', request('x', 3));
    const { sends, after } = replica.deliver(n2, nack(b(5)));
    expect(sends).toEqual([
      { to: client, message: { type: 'RegisterClientReply', status: 'NOT_LEADER', leaderHint: null } },
      { to: 'client@c2', message: { type: 'ClientReply', status: 'NOT_LEADER', sequenceNum: 3, leaderHint: null } },
    ]);
    expect(after.waiting.size + after.queue.length + after.acceptedBy.size).toBe(0);
  });

  it('a command asked for twice takes effect once, and is answered twice', () => {
    const cluster = withSession();
    cluster.propose('n1', 'x', 1);
    cluster.propose('n1', 'x', 1);
    cluster.settle();
    const reply = { type: 'ClientReply', status: 'OK', sequenceNum: 1, response: 1 };
    expect(messages(cluster).slice(1)).toEqual([reply, reply]);
    expect(cluster.replica('n1').words).toEqual(['x']);
    expect(cluster.replica('n1').slots).toEqual(['+', 'x', 'x']);
  });

  it('also when the second leader did not know of it', () => {
    const cluster = withSession();
    cluster.propose('n1', 'x', 1);
    cluster.settle(({ message }) => message.type === 'Accept');
    cluster.drop();
    cluster.isolate('n1');
    cluster.timeout('n2');
    cluster.settle();
    cluster.propose('n2', 'x', 1);
    cluster.settle();
    expect(cluster.replica('n2').slots).toEqual(['+', 'x', 'x']);
    expect(cluster.replica('n2').words).toEqual(['x']);
    cluster.isolate();
    cluster.heartbeat('n2');
    cluster.settle();
    cluster.heartbeat('n2');
    cluster.settle();
    expect(cluster.nodes.map((node) => cluster.replica(node).words)).toEqual([['x'], ['x'], ['x']]);
  });

  it('without a session are refused', () => {
    const cluster = withSession();
    cluster.ask('n1', request('x', 1, 7));
    cluster.settle();
    expect(messages(cluster).at(-1)).toEqual({ type: 'ClientReply', status: 'SESSION_EXPIRED', sequenceNum: 1 });
    expect(cluster.replica('n1').words).toEqual([]);
  });
});

describe('a replica', () => {
  it.each(states)('%s has one timer', (state) => {
    expect(inState[state]().timers).toHaveLength(1);
  });
});
