import { protocol } from '@synod/machines/raft';
import { type Address, chartOf, type TraceEvent, type TraceRecord } from '@synod/protocol';

const chart = chartOf(protocol.machine);
const REFS = chart.root.states.flatMap(({ transitions }) => transitions.map(({ ref }) => ref));
const STATES = ['follower', 'candidate', { leader: 'idle' }] as const;

/** Messages of a made-up node whose records look like those of a Raft server in a cluster of `size`: clocks and contexts are as large. */
export class MadeUpNode {
  readonly node: string;
  readonly #size: number;
  readonly #clock: Record<string, number>;
  readonly #others: string;
  #seq = 0;
  #turn = 0;

  constructor(number: number, size: number) {
    this.node = `n${number}`;
    this.#size = size;
    this.#clock = Object.fromEntries(Array.from({ length: size }, (_, at) => [`n${at + 1}`, 0]));
    this.#others = Object.keys(this.#clock)
      .filter((node) => node !== this.node)
      .map((node) => `,"${node}":0`)
      .join('');
  }

  get address(): Address {
    return `raft@${this.node}`;
  }

  spawn(at: number): TraceRecord {
    const context = { currentTerm: 1, votedFor: null, commitIndex: 0, lastApplied: 0, log: [] };
    return this.#record(at, {
      type: 'spawn',
      actor: this.address,
      protocol: 'raft',
      chart,
      state: 'follower',
      context,
      recovered: false,
    });
  }

  /** Four records: a message comes, is taken up, changes something, and one goes out. */
  *step(at: number, number: number): Generator<TraceRecord> {
    const turn = this.#turn++;
    const peer = `n${((number + turn) % this.#size) + 1}`;
    const from: Address = `raft@${peer}`;
    const message = { type: 'AppendEntriesReply', term: 1, success: true, matchIndex: turn };
    yield this.#record(at, { type: 'deliver', id: `${peer}:${turn}`, from, to: this.address, message: message.type });
    yield this.#record(at, { type: 'receive', actor: this.address, event: message, id: `${peer}:${turn}`, from });
    yield this.#record(at, {
      type: 'transition',
      actor: this.address,
      event: message.type,
      // Now and then another state, so that there is something to see.
      state: STATES[Math.floor(turn / 20) % STATES.length] ?? 'follower',
      transitions: [REFS[turn % REFS.length] ?? ''],
      changed: { commitIndex: turn, lastApplied: turn },
    });
    yield this.#record(at, {
      type: 'send',
      id: `${this.node}:${turn}`,
      from: this.address,
      to: from,
      message: { ...message, type: 'AppendEntries' },
    });
  }

  /**
   * The four records of a step as lines. The clock's other entries stay as they are, as text: who measures a viewer must not spend the
   * machine's time on encoding.
   */
  lines(at: number, number: number): string {
    let text = '';
    for (const { seq, clock: _, ...record } of this.step(at, number))
      text += `{"seq":${seq},"clock":{"${this.node}":${seq}${this.#others}},${JSON.stringify(record).slice(1)}\n`;
    return text;
  }

  #record(at: number, event: TraceEvent): TraceRecord {
    this.#clock[this.node] = ++this.#seq;
    return { seq: this.#seq, at, node: this.node, clock: { ...this.#clock }, ...event } as TraceRecord;
  }
}
