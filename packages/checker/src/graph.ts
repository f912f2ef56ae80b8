import { SynodError } from '@synod/protocol';
import { Judgement } from './search/judgement.ts';
import { type Action, actionOf, type Path, successor } from './search/path.ts';
import { inWords } from './words.ts';
import { type ActionKind, Expansion } from './world/expansion.ts';
import type { Row, World } from './world/world.ts';

/** A world of a model. Its number is its place in the list. */
export interface GraphState {
  /** Steps of the shortest runs to it. */
  readonly depth: number;
  /** Names of the properties of kind `always` that do not hold in it, and of assertions and step properties that a step to it breaks. */
  readonly broken: readonly string[];
  /** Whether it lies outside the model's bounds, so that nothing is said of what follows. */
  readonly outside: boolean;
}

/** Something that may happen. Of several between two worlds, each has an edge. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly action: ActionKind;
  readonly text: string;
}

/** All worlds of a model, the first one first, each after those with shorter runs to them. */
export interface StateGraph {
  readonly states: readonly GraphState[];
  readonly edges: readonly GraphEdge[];
}

interface Found {
  readonly row: Row;
  readonly depth: number;
  readonly by?: { readonly state: number; readonly action: Action };
  readonly broken: Set<string>;
  readonly outside: boolean;
}

/** Makes the graph of a model once, and finds worlds in it. */
export class StateGraphs {
  readonly #world: World;
  readonly #judgement: Judgement;
  readonly #numbers = new Map<string, number>();
  readonly #found: Found[] = [];
  #graph: StateGraph | undefined;

  constructor(world: World) {
    this.#world = world;
    this.#judgement = new Judgement(world);
  }

  /** @throws SynodError `GRAPH_TOO_LARGE`. */
  graph(limit: number): StateGraph {
    if (!this.#graph) this.#graph = this.#explore(limit);
    if (this.#graph.states.length > limit) throw tooLarge(limit);
    return this.#graph;
  }

  stateOf(row: Row): number | undefined {
    return this.#graph && this.#numbers.get(keyOf(row));
  }

  /** @throws SynodError `STATE_UNKNOWN`. */
  pathTo(state: number): Path {
    const last = this.#graph && this.#found[state];
    if (!last) throw new SynodError('STATE_UNKNOWN', `The graph has no state ${state}; ask for the graph first.`);
    const rows: Row[] = [last.row];
    const actions: Action[] = [];
    for (let at = last; at.by; at = this.#found[at.by.state] as Found) {
      actions.push(at.by.action);
      rows.push((this.#found[at.by.state] as Found).row);
    }
    return { rows: rows.reverse(), actions: actions.reverse() };
  }

  #explore(limit: number): StateGraph {
    const expansion = new Expansion(this.#world);
    this.#numbers.clear();
    this.#found.length = 0;
    this.#add(this.#world.initial(), 0);
    const edges: GraphEdge[] = [];
    for (let from = 0; from < this.#found.length; from++) {
      const { row, depth, outside } = this.#found[from] as Found;
      if (outside) continue;
      expansion.each(row, () => {
        const action = actionOf(expansion);
        const next = successor(row, expansion);
        const to = this.#numbers.get(keyOf(next)) ?? this.#add(next, depth + 1, { state: from, action });
        if (this.#found.length > limit) throw tooLarge(limit);
        const broken = (this.#found[to] as Found).broken;
        for (const { name } of action.outcome?.broken ?? []) broken.add(name);
        if (action.outcome?.failure !== undefined) broken.add(action.outcome.failure);
        const { action: kind, text } = inWords(this.#world, action);
        edges.push({ from, to, action: kind, text });
      });
    }
    const states = this.#found.map(({ depth, broken, outside }) => ({ depth, broken: [...broken], outside }));
    return { states, edges };
  }

  #add(row: Row, depth: number, by?: Found['by']): number {
    const bits = this.#judgement.of(row);
    const broken = this.#judgement.properties.filter(
      ({ kind }, place) => kind === 'always' && (bits & (1 << place)) === 0,
    );
    const names = new Set(broken.map(({ name }) => name));
    this.#found.push({ row, depth, ...(by && { by }), broken: names, outside: !Judgement.isWithin(bits) });
    this.#numbers.set(keyOf(row), this.#found.length - 1);
    return this.#found.length - 1;
  }
}

const keyOf = (row: Row): string => row.join();

const tooLarge = (limit: number): SynodError =>
  new SynodError(
    'GRAPH_TOO_LARGE',
    `The model has more than ${limit} states, too many to be drawn; browse it step by step, or take a smaller model or fewer nodes.`,
  );
