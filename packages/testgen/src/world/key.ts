import { isRunning, type OpenActor, type OpenRef, type OpenWorld } from '@synod/protocol';
import type { AnyStateMachine } from 'xstate';
import { Values } from './values.ts';

interface StateNode {
  readonly id: string;
}

interface Snapshot {
  readonly status: string;
  readonly output: unknown;
  readonly error: unknown;
  readonly context?: unknown;
  readonly _nodes?: readonly StateNode[];
  readonly historyValue?: Readonly<Record<string, readonly StateNode[]>>;
}

const NO_NODES: readonly StateNode[] = [];
const NO_HISTORY = {};

/** Texts that tell worlds apart. What many worlds share, a context, a part of one or a set of states, is numbered once. */
export class Keys {
  readonly values = new Values();
  readonly #snapshots = new WeakMap<object, number>();
  readonly #nodes = new WeakMap<readonly StateNode[], number>();
  readonly #heads = new WeakMap<OpenRef, string>();

  of({ actors, timers }: OpenWorld): string {
    let text = '';
    for (const actor of actors.values()) text += this.#actor(actor, actors);
    for (const { source, target, id, isNamed, event, dueMs, current } of timers)
      text += `;${actors.get(source)?.path ?? ''}>${actors.get(target)?.path ?? ''}:${isNamed ? `${id}${current ? '' : '!'}` : ''}@${dueMs},${this.values.of(event)}`;
    return text;
  }

  /** What an actor is as long as it lives. Machines count by id: one that is made anew for each actor is the same machine. */
  #head({ ref, path, kind, src, input }: OpenActor): string {
    const known = this.#heads.get(ref);
    if (known !== undefined) return known;
    const { systemId, syncSnapshot } = ref.options;
    const logic = kind === 'machine' ? (ref.logic as AnyStateMachine).id : this.values.of(input);
    const head = this.values.ofText(`${kind},${src},${logic},${systemId ?? ''},${syncSnapshot === true}`);
    const text = `;${path}:${head}=`;
    this.#heads.set(ref, text);
    return text;
  }

  #actor(actor: OpenActor, actors: OpenWorld['actors']): string {
    const { snapshot, started, path, kind } = actor;
    // Each of the machine's snapshots belongs to one world, which keeps its key.
    if (path === '') return `=${this.#state(snapshot)}`;
    const isKnown = isRunning(actors, actor);
    // A stand-in that another has replaced under its id is out of reach of any test.
    if (!isKnown && started && kind !== 'machine' && snapshot.status === 'active') return '';
    let number = this.#snapshots.get(snapshot);
    if (number === undefined) {
      number = this.#state(snapshot);
      this.#snapshots.set(snapshot, number);
    }
    return `${this.#head(actor)}${number}${started ? '' : '?'}${isKnown ? '' : '~'}`;
  }

  #state({ status, output, error, context, _nodes = NO_NODES, historyValue = NO_HISTORY }: Snapshot): number {
    const remembered = Object.keys(historyValue);
    // Most are of this kind, and need no text.
    if (status === 'active' && remembered.length === 0)
      return this.values.ofPair(this.#numberOf(_nodes), this.values.of(context));
    let text = `${status}|${this.#numberOf(_nodes)}|${this.values.of(context)}`;
    for (const id of remembered.sort()) text += `|${id}:${this.#numberOf(historyValue[id] ?? NO_NODES)}`;
    if (status !== 'active') text += `|${this.values.of([output, error])}`;
    return this.values.ofText(text);
  }

  #numberOf(nodes: readonly StateNode[]): number {
    let number = this.#nodes.get(nodes);
    if (number === undefined) {
      number = this.values.ofText(idsOf(nodes).join());
      this.#nodes.set(nodes, number);
    }
    return number;
  }
}

const idsOf = (nodes: readonly StateNode[]): readonly string[] => nodes.map(({ id }) => id).sort();
