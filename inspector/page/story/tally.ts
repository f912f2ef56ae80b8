import { KINDS, kindNumber } from '../../src/world/read.ts';
import { NONE } from './block.ts';
import { Counts } from './counts.ts';
import { Histogram } from './histogram.ts';
import { Rates } from './rates.ts';
import { type Story, transitionsOf } from './story.ts';
import { Sweep } from './sweep.ts';

/** What became of the messages of one type. */
export interface MessageTally {
  sent: number;
  delivered: number;
  lost: number;
  /** Delivered though already delivered. */
  again: number;
  /** From a send to its first delivery, in milliseconds. */
  readonly latencies: Histogram;
}

const [SEND, DELIVER, DROP] = [kindNumber('send'), kindNumber('deliver'), kindNumber('drop')];
const [TRANSITION, SPAWN] = [kindNumber('transition'), kindNumber('spawn')];

/** Counts the records of a story, little by little: all of them, or those before a place. What a story forgets stays counted. */
export class Tally extends Sweep {
  readonly #to: number;
  #all = 0;
  #none = 0;
  readonly kinds = new Uint32Array(KINDS.length);
  /** By the numbers of a story's names. */
  readonly nodes = new Counts();
  readonly actors = new Counts();
  readonly labels = new Counts();
  /** By the numbers of a story's states, and of its steps. */
  readonly states = new Counts();
  readonly #steps = new Counts();
  /** By the number of the type. */
  readonly messages = new Map<number, MessageTally>();
  readonly rates = new Rates(['records', 'messages', 'losses']);
  /** Indexes of the records by which actors began. */
  readonly spawns: number[] = [];

  constructor(story: Story, to = Number.POSITIVE_INFINITY) {
    super(story);
    this.#to = to;
  }

  /** Records that were counted. */
  get all(): number {
    return this.#all;
  }

  /** Steps that took no transition. */
  get ignored(): number {
    return this.#none;
  }

  /** How often each transition was taken, by its name in the chart. */
  taken(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const [step, count] of this.#steps.entries()) {
      for (const ref of transitionsOf(this.story.steps.text(step))) counts.set(ref, (counts.get(ref) ?? 0) + count);
    }
    return counts;
  }

  protected override get goal(): number {
    return Math.min(this.#to, this.story.length);
  }

  protected look(index: number): void {
    const { story } = this;
    const kind = story.number('kind', index);
    const label = story.number('label', index);
    this.#all++;
    this.kinds[kind] = (this.kinds[kind] as number) + 1;
    this.nodes.add(story.number('node', index));
    this.actors.add(story.number('actor', index));
    this.labels.add(label);
    const at = story.at(index);
    this.rates.add('records', at);
    if (kind === SEND || kind === DELIVER || kind === DROP) this.#message(kind, label, index, at);
    else if (kind === TRANSITION) this.#step(index);
    else if (kind === SPAWN) this.spawns.push(index);
  }

  #step(index: number): void {
    this.states.add(this.story.number('state', index));
    const step = this.story.number('step', index);
    if (step === 0) this.#none++;
    else this.#steps.add(step);
  }

  #message(kind: number, label: number, index: number, at: number): void {
    const { story } = this;
    let tally = this.messages.get(label);
    if (!tally) {
      tally = { sent: 0, delivered: 0, lost: 0, again: 0, latencies: new Histogram() };
      this.messages.set(label, tally);
    }
    if (kind === SEND) {
      tally.sent++;
      this.rates.add('messages', at);
    } else if (kind === DROP) {
      tally.lost++;
      this.rates.add('losses', at);
    } else this.#delivery(tally, story.link(index), index, at);
  }

  #delivery(tally: MessageTally, send: number, index: number, at: number): void {
    const { story } = this;
    const isKnown = send !== NONE && send >= story.first;
    const first = isKnown ? story.link(send) : index;
    if (first !== index && first !== NONE && first >= story.first && story.number('kind', first) === DELIVER)
      tally.again++;
    else {
      tally.delivered++;
      // Nodes' clocks are brought to one axis only nearly: a delivery may seem to come before its send.
      if (isKnown && first === index) tally.latencies.add(Math.max(0, at - story.at(send)));
    }
  }
}
