import type { Chart } from '@synod/protocol';
import { hueOf } from '../chart/active.ts';
import type { Story } from '../story/story.ts';
import type { Ink } from './pen.ts';
import type { PhaseBook } from './phases.ts';

/** Colours of message types, in the order in which types first come. */
const TYPES: readonly Ink[] = ['accent', 'hue-7', 'hue-3', 'timer', 'hue-4', 'edge'];

/** The colours of states, as everywhere on the page, and of types of messages. */
export class Hues {
  readonly #story: Story;
  readonly #phases: PhaseBook;
  readonly #charts = new Map<number, Chart>();
  readonly #states = new Map<number, Map<number, Ink>>();
  readonly #types = new Map<number, Ink>();

  constructor(story: Story, phases: PhaseBook) {
    this.#story = story;
    this.#phases = phases;
  }

  /** Of a state of an actor, by the numbers of their names. */
  state = (actor: number, state: number): Ink => {
    let known = this.#states.get(actor);
    if (!known) {
      known = new Map();
      this.#states.set(actor, known);
    }
    const ink = known.get(state);
    if (ink) return ink;
    const chart = this.#chart(actor);
    const found: Ink = chart ? `hue-${hueOf(chart, outermost(this.#story.states.text(state)))}` : 'hue-0';
    if (chart) known.set(state, found);
    return found;
  };

  /** Of a type of messages, by the number of its name. */
  type = (type: number): Ink => {
    const known = this.#types.get(type);
    if (known) return known;
    const ink = TYPES[this.#types.size % TYPES.length] as Ink;
    this.#types.set(type, ink);
    return ink;
  };

  #chart(actor: number): Chart | undefined {
    const known = this.#charts.get(actor);
    if (known) return known;
    const address = this.#story.names.text(actor);
    const chart = this.#living(address) ?? this.#spawned(actor);
    if (chart) this.#charts.set(actor, chart);
    return chart;
  }

  #living(address: string): Chart | undefined {
    const node = address.slice(address.lastIndexOf('@') + 1);
    const actors = this.#story.worldAt(this.#story.length)[node]?.actors;
    return actors && Object.hasOwn(actors, address) ? actors[address]?.chart : undefined;
  }

  /** Of one that does not live any longer, as it was spawned. */
  #spawned(actor: number): Chart | undefined {
    const first = this.#phases.of(actor)?.index.find((index) => index >= this.#story.first);
    const record = first === undefined ? undefined : this.#story.record(first);
    return record?.type === 'spawn' ? record.chart : undefined;
  }
}

/** Of a state in words. */
const outermost = (words: string): string => words.split(/ · |, /, 1)[0] ?? '';
