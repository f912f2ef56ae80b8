import {
  type Address,
  type CheckConfiguration,
  canonical,
  type Message,
  type NodeView,
  type Roles,
  type TransitionRef,
} from '@synod/protocol';
import type { EventObject } from 'xstate';
import { type Action, actionOf, ancestry, type Path, retrace, successor } from './search/path.ts';
import { Search } from './search/search.ts';
import type { Actor, ActorState, Outcome } from './world/actor.ts';
import { enginesBy } from './world/engines.ts';
import { type ActionKind, Expansion } from './world/expansion.ts';
import { type Row, World } from './world/world.ts';

/** One thing that happens in a run of a model, in the words of its configuration. */
export interface RunStep {
  readonly kind: ActionKind;
  /** The node on which it happens; of a message the receiver's. Empty for a partition and its end. */
  readonly node: string;
  /** Who takes it up, or to whom the message was that is lost. */
  readonly actor?: Address;
  /** A request, or the event that a timer's end is. */
  readonly event?: EventObject;
  readonly message?: Message;
  /** Of a message or a request: who sent it. */
  readonly from?: Address;
  /** XState's id of the timer. */
  readonly timer?: string;
  /** Of `cutShort`: which of the step's messages to members were out, one bit each, the first one lowest. */
  readonly sent?: number;
}

/** What an actor did in one step of a model. */
export interface ActorStep {
  readonly role: string;
  /** The actor before the step. */
  readonly before: NodeView;
  /** Absent for a start. */
  readonly event?: EventObject;
  /** Of a message: what was sent. */
  readonly message?: Message;
  /** Of a start after a crash: the durable fields that are other than at the first start. */
  readonly survived?: readonly string[];
  readonly transitions: readonly TransitionRef[];
}

/** A run of the model, from its first world on. */
export interface Run {
  readonly steps: readonly RunStep[];
  /** Where it ended, for `explore` to go on from. */
  readonly end: Row;
}

export interface ExploreOptions {
  /** What a step is an example of. Asked once for all steps that are alike. */
  readonly labelsOf: (step: ActorStep) => readonly string[];
  /** The label of a world in which a property of kind `sometimes` holds. */
  readonly labelOfProperty: (name: string) => string;
}

export interface ExploreBounds {
  /** Go on from the end of this run. Default: the first world. */
  readonly from?: Run;
  /** The labels that are looked for; default all. */
  readonly wanted?: ReadonlySet<string>;
  /** End with the first label that was found. Default false: end when all that is wanted was found. */
  readonly first?: boolean;
  /** Distinct worlds. Default: no bound. */
  readonly maxWorlds?: number;
  /** Steps of a run, from where the search begins. Default: no bound. */
  readonly maxSteps?: number;
}

export interface Explored {
  /** By label, a shortest run that shows it. */
  readonly runs: ReadonlyMap<string, Run>;
  readonly worlds: number;
  /** Whether every world of the model was seen. */
  readonly complete: boolean;
}

/** Where a label was first seen: in which world, and by what step; of a property without a step. */
interface Seen {
  readonly at: number;
  readonly action?: Action;
}

/**
 * Shortest runs of a model to all that one may look for: transitions, messages in states, worlds. It sees every schedule, breadth first,
 * without symmetry or other reductions, so that every run is one of the model as it stands. Fields that the model ignores count as equal:
 * what depends on them must be verified.
 * @throws SynodError `MODEL_INVALID`, `PROPERTY_FAILED` as the checker does.
 */
export class Explorer {
  readonly #world: World;
  readonly #options: ExploreOptions;
  readonly #labels = new WeakMap<Outcome, readonly string[]>();

  constructor(configuration: CheckConfiguration, roles: Roles, options: ExploreOptions) {
    this.#options = options;
    this.#world = new World(configuration, roles, enginesBy(), Number.POSITIVE_INFINITY);
  }

  /** The first world: a run without steps. */
  get start(): Run {
    return { steps: [], end: this.#world.initial() };
  }

  explore(bounds: ExploreBounds = {}): Explored {
    const { from = this.start, wanted, first = false, maxWorlds = Number.POSITIVE_INFINITY } = bounds;
    const seen = new Map<string, Seen>();
    const search: Search = new Search(this.#world, {
      order: 'breadth',
      exact: false,
      graph: false,
      maxDepth: (bounds.maxSteps ?? Number.POSITIVE_INFINITY) + 1,
      first: from.end,
      watch: (at, step) => {
        if (step.outcome?.failure !== undefined) return;
        for (const label of this.#labelsOf(step)) {
          if (!seen.has(label) && (!wanted || wanted.has(label))) seen.set(label, { at, action: actionOf(step) });
        }
      },
    });
    const isDone = () => this.#noteProperties(search, seen, wanted) && isEnough(seen, wanted, first);
    let isOver = isDone();
    while (!isOver && search.distinct < maxWorlds && search.advance()) isOver = isDone();
    const runs = new Map([...seen].map(([label, where]) => [label, this.#runTo(search, from, where)]));
    return { runs, worlds: search.distinct, complete: search.waiting === 0 && !search.cutByDepth };
  }

  #noteProperties(search: Search, seen: Map<string, Seen>, wanted: ReadonlySet<string> | undefined): true {
    for (const [name, { at }] of search.findings) {
      const label = this.#options.labelOfProperty(name);
      const isSometimes = search.judgement.properties.some((each) => each.name === name && each.kind === 'sometimes');
      if (isSometimes && !seen.has(label) && (!wanted || wanted.has(label))) seen.set(label, { at });
    }
    return true;
  }

  #labelsOf(step: Expansion): readonly string[] {
    const { kind, actor: index, outcome } = step;
    if (kind === 'restart') return this.#ofRestart(step);
    if (!outcome) return [];
    const known = this.#labels.get(outcome);
    if (known) return known;
    const labels = this.#ofTaking(this.#world.actors[index] as Actor, step);
    this.#labels.set(outcome, labels);
    return labels;
  }

  #ofTaking(actor: Actor, step: Expansion): readonly string[] {
    const before = actor.state(step.before(step.actor));
    const { event, message } = actor.event(step.event);
    const transitions: TransitionRef[] = [];
    actor.retake(before, step.event, (_, taken) => transitions.push(...taken));
    const { role } = actor.member;
    return this.#options.labelsOf({ role, before: before.view, event, ...(message && { message }), transitions });
  }

  #ofRestart(step: Expansion): readonly string[] {
    return (this.#world.actorsOf[step.event] ?? []).flatMap((index) => {
      const actor = this.#world.actors[index] as Actor;
      const down = actor.state(step.before(index));
      const start = actor.restart(down.id);
      const known = this.#labels.get(start) ?? this.#ofStart(actor, down, down.durable);
      this.#labels.set(start, known);
      return known;
    });
  }

  #ofStart(actor: Actor, before: ActorState, recovered: ActorState['durable']): readonly string[] {
    const transitions: TransitionRef[] = [];
    actor.restarted(recovered, (_, taken) => transitions.push(...taken));
    const first = actor.state(actor.start().next).durable;
    const survived = Object.keys(recovered).filter((field) => canonical(recovered[field]) !== canonical(first[field]));
    return this.#options.labelsOf({ role: actor.member.role, before: before.view, survived, transitions });
  }

  #runTo(search: Search, from: Run, { at, action }: Seen): Run {
    const path = retrace(search, ancestry(search, at), undefined);
    const steps = [...from.steps, ...path.actions.map((each, index) => this.#told(each, path.rows[index] as Row))];
    const end = path.rows.at(-1) as Row;
    if (!action) return { steps, end };
    return { steps: [...steps, this.#told(action, end)], end: this.#after(path, action) };
  }

  #after(path: Path, action: Action): Row {
    const expansion = new Expansion(this.#world);
    const before = path.rows.at(-1) as Row;
    let after = before;
    expansion.each(before, () => {
      const { kind, actor, event, sent } = expansion;
      if (kind !== action.kind || actor !== action.actor || event !== action.event) return;
      if (kind !== 'cutShort' || sent === action.sent) after = successor(before, expansion);
    });
    return after;
  }

  #told({ kind, actor: index, event: number, sent }: Action, before: Row): RunStep {
    const actor = this.#world.actors[index] as Actor;
    if (kind === 'partition' || kind === 'heal') return { kind, node: '' };
    if (kind === 'crash' || kind === 'restart') return { kind, node: actor.node };
    const { event, message, from } = actor.event(number);
    const timer = actor.state(before[index] as number).timers.find((each) => each.event === number)?.id;
    const sender = from ?? (event as { readonly from?: Address }).from;
    return {
      kind,
      node: actor.node,
      actor: actor.address,
      ...(message ? { message } : { event }),
      ...(sender && { from: sender }),
      ...(!message && timer !== undefined && kind !== 'request' && { timer }),
      ...(kind === 'cutShort' && { sent }),
    };
  }
}

const isEnough = (seen: ReadonlyMap<string, Seen>, wanted: ReadonlySet<string> | undefined, first: boolean): boolean =>
  first ? seen.size > 0 : wanted !== undefined && seen.size >= wanted.size;
