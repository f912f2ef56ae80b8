import type { TraceRecord } from '@synod/protocol';
import { type Faults, noFaults } from '../world/controls.ts';
import { splitLine } from '../world/lines.ts';
import { KINDS, type Kind, type ReadLine, readLine, skimLine } from '../world/read.ts';
import { emptyWorld, type World, withRecords } from '../world/world.ts';
import { Axis } from './axis.ts';
import { BLOCK, Block, type Column, NONE, WEIGHTS, type Weight } from './block.ts';
import { cellsOf } from './columns.ts';
import { type Keyframe, Keyframes } from './keyframes.ts';
import { Lives } from './lives.ts';
import { Messages } from './messages.ts';
import { Names } from './names.ts';
import { States } from './states.ts';
import { Scales } from './weights.ts';

/** Blocks whose records stay parsed. */
const AWAKE = 64;

/** Text that is kept as it came; what comes after that is put outside of the heap, which takes time. In bytes. */
const HEAP_BYTES = 512 * 1024 * 1024;

/** Text that a live story keeps, in bytes; what is older is forgotten. */
export const LIVE_BYTES = 192 * 1024 * 1024;

export interface StoryOptions {
  /** The world before its first record. */
  readonly base?: World;
  /** What was done to its nodes before its first record, and still is. */
  readonly inForce?: Faults;
  /** Text that is kept, in bytes. Default: all of it. */
  readonly maxBytes?: number;
}

/**
 * The records of a run, live or from a file, by index; and the world at any of them. Indexes count from the first record that came, also when
 * the oldest are no longer kept. Memory is bounded: columns for all that is kept, much text outside of the heap, worlds every so often.
 */
export class Story {
  readonly names = new Names();
  /** States of actors, in words. */
  readonly states = new Names();
  /** The transitions of a step, one a line. */
  readonly steps = new Names();
  /** What was done to its nodes before its first record. */
  readonly inForce: Faults;
  readonly #maxBytes: number;
  readonly #blocks: Block[] = [];
  readonly #axis = new Axis();
  readonly #messages = new Messages();
  readonly #scales = new Scales();
  readonly #states: States;
  readonly #lives = new Lives();
  readonly #awake: Block[] = [];
  readonly #worlds: Keyframes;
  #end: World;
  #bytes = 0;
  /** The lines of the block that was glanced at last. */
  #glanced: { readonly block: Block; readonly lines: readonly string[] } | undefined;
  #dropped = 0;
  #waiting: TraceRecord[] = [];

  constructor({ base = emptyWorld, inForce = noFaults, maxBytes = Number.POSITIVE_INFINITY }: StoryOptions = {}) {
    this.inForce = inForce;
    this.#end = base;
    this.#maxBytes = maxBytes;
    this.#worlds = new Keyframes(base);
    this.#states = new States(this.states, base);
  }

  /** The oldest index that is kept. */
  get first(): number {
    return this.#dropped * BLOCK;
  }

  /** One more than the newest index. */
  get length(): number {
    const last = this.#blocks.at(-1);
    return last ? last.start + last.count : this.first;
  }

  /** Bytes of text that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds lines of a trace. @throws LineError at the first that is no record; those before it are kept. */
  append(lines: readonly string[]): void {
    try {
      for (const line of lines) {
        const read = skimLine(line);
        if (read) this.#add(line, read);
      }
    } finally {
      this.#fold();
    }
    while (this.#bytes > this.#maxBytes && this.#blocks.length > 1) this.#drop();
  }

  /** Records were left out here: what comes begins in another world than what came before ended in. */
  jump(world: World): void {
    this.#fold();
    this.#end = world;
    this.#worlds.jump(this.length, world);
    this.#states.begin(world);
  }

  /** The indexes before which records were left out, and the worlds after those. */
  get gaps(): readonly Keyframe[] {
    return this.#worlds.jumps;
  }

  record(index: number): TraceRecord {
    const block = this.#block(index);
    return this.#recordsOf(block)[index - block.start] as TraceRecord;
  }

  /** A record that is looked at in passing: of a block whose records are not kept parsed, it alone is parsed. */
  glance(index: number): TraceRecord {
    const block = this.#block(index);
    return block.known(index - block.start) ?? (JSON.parse(this.json(index)) as TraceRecord);
  }

  /** A record as JSON, as it came. */
  json(index: number): string {
    const block = this.#block(index);
    if (this.#glanced?.block !== block) this.#glanced = { block, lines: block.lines };
    return splitLine(this.#glanced.lines[index - block.start] ?? '').json;
  }

  /** The line of a record, as it came. */
  line(index: number): string {
    const block = this.#block(index);
    return block.lines[index - block.start] ?? '';
  }

  /** The lines of all records that are kept, many at a time. */
  *lines(): Generator<readonly string[]> {
    for (const { lines } of this.#blocks) yield lines;
  }

  /** The world after the records before `index`. */
  worldAt(index: number): World {
    const to = Math.max(this.first, Math.min(this.length, index));
    if (to === this.length) return this.#end;
    const from = this.#worlds.before(to);
    return this.#worlds.remember(to, withRecords(from.world, this.#records(from.index, to)));
  }

  at = (index: number): number => this.#cell('at', index);
  kind = (index: number): Kind => KINDS[this.#cell('kind', index)] as Kind;
  weight = (index: number): Weight => WEIGHTS[this.#cell('weight', index)] as Weight;
  node = (index: number): string => this.names.text(this.#cell('node', index));
  /** The address of who did it; the empty text where no actor did. */
  actor = (index: number): string => this.names.text(this.#cell('actor', index));
  /** The other party of a message. */
  other = (index: number): string => this.names.text(this.#cell('other', index));
  /** The type of the message or event, the name of the timer, the code of the note. */
  label = (index: number): string => this.names.text(this.#cell('label', index));
  /** Events that its node had counted by then, in its vector clock; NaN of a record without a clock. */
  tick = (index: number): number => this.#cell('tick', index);
  /** Of what comes of a message, the index of its send; of a send, that of its first delivery or loss; else -1. */
  link = (index: number): number => this.#cell('link', index);
  /** The state of its actor after it, in words; the empty text where none is known. */
  state = (index: number): string => this.states.text(this.#cell('state', index));
  /** The transitions that it took. */
  taken = (index: number): readonly string[] => transitionsOf(this.steps.text(this.#cell('step', index)));
  /** What a column holds: names by their number. */
  number = (column: Column, index: number): number => this.#cell(column, index);

  /** The indexes at which the lives of a node begin, the first excepted: what it knew of others is lost there. */
  livesOf = (node: string): readonly number[] => this.#lives.of(node);

  /** The records from `from` on, up to `to`. Those that nobody looks at are parsed again for it. */
  *#records(from: number, to: number): Generator<TraceRecord> {
    for (let index = from; index < to; index++) yield this.record(index);
  }

  /** The first index whose time is `ms` or later, as far as times grow with indexes. */
  indexAt(ms: number): number {
    let [low, high] = [this.first, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #add(line: string, { record, kind, axisMs }: ReadLine): void {
    let block = this.#blocks.at(-1);
    if (!block || block.count === BLOCK) block = this.#begin(block);
    const index = this.length;
    const place = block.add(line);
    const { actor, other, label, message } = cellsOf(record);
    block.at[place] = this.#axis.place(record.node, record.at, axisMs);
    block.kind[place] = kind;
    block.weight[place] = this.#scales.weigh(record);
    block.node[place] = this.names.number(record.node);
    block.actor[place] = this.names.number(actor);
    block.other[place] = this.names.number(other);
    block.label[place] = this.names.number(label);
    block.state[place] = this.#states.after(record, actor);
    if (record.type === 'transition') block.step[place] = this.steps.number(record.transitions.join('\n'));
    block.tick[place] = record.clock[record.node] ?? Number.NaN;
    this.#lives.add(record, index);
    if (message !== undefined) block.link[place] = this.#linked(record.type, message, index);
    this.#bytes += line.length + 1;
    this.#waiting.push(record);
  }

  #linked(type: TraceRecord['type'], message: string, index: number): number {
    if (type === 'send') {
      const end = this.#messages.sent(message, index);
      if (end >= this.first) this.#link(end, index);
      return end;
    }
    const send = this.#messages.sendOf(message);
    const isEnd = type === 'deliver' || type === 'drop';
    if (send === NONE && isEnd) this.#messages.ended(message, index);
    if (send >= this.first && isEnd && this.link(send) === NONE) this.#link(send, index);
    return send;
  }

  #link(index: number, to: number): void {
    const block = this.#block(index);
    block.link[index - block.start] = to;
  }

  #begin(before: Block | undefined): Block {
    this.#fold();
    if (before && this.#bytes > HEAP_BYTES) before.seal();
    const block = new Block(this.length);
    this.#blocks.push(block);
    this.#worlds.add(block.start, this.#end);
    return block;
  }

  #fold(): void {
    this.#end = withRecords(this.#end, this.#waiting);
    this.#waiting = [];
  }

  #drop(): void {
    const [gone] = this.#blocks.splice(0, 1);
    if (!gone) return;
    this.#dropped++;
    this.#bytes -= gone.size;
    this.#worlds.forget(this.first, (from, world) => withRecords(world, gone.lines.slice(from - gone.start).map(skim)));
    const at = this.#awake.indexOf(gone);
    if (at >= 0) this.#awake.splice(at, 1);
  }

  #block(index: number): Block {
    const block = this.#blocks[Math.floor(index / BLOCK) - this.#dropped];
    if (!block || index >= block.start + block.count) throw new RangeError(`there is no record ${index}`);
    return block;
  }

  #recordsOf(block: Block): readonly TraceRecord[] {
    if (!block.isAwake) this.#look(block);
    return block.records(parse);
  }

  /** Keeps the records of the blocks that were looked at last. */
  #look(block: Block): void {
    this.#awake.push(block);
    if (this.#awake.length > AWAKE) this.#awake.shift()?.rest();
  }

  #cell(column: Column, index: number): number {
    const block = this.#block(index);
    return block[column][index - block.start] as number;
  }
}

/** The transitions of one of a story's `steps`. */
export const transitionsOf = (step: string): readonly string[] => (step === '' ? [] : step.split('\n'));

const parse = (line: string): TraceRecord => (readLine(line) as ReadLine).record;
const skim = (line: string): TraceRecord => (skimLine(line) as ReadLine).record;
