import { canonical, type OpenActor, type OpenWorld } from '@synod/protocol';

interface StateNode {
  readonly id: string;
}

/** Texts that tell worlds apart. What many worlds share, a context or a state, is written once. */
export class Keys {
  readonly #values = new WeakMap<object, string>();
  readonly #snapshots = new WeakMap<object, string>();
  readonly #numbers = new Map<string, number>();

  of({ actors, timers }: OpenWorld): string {
    let text = '';
    for (const actor of actors.values()) text += `${actor.path}=${this.#actor(actor)};`;
    for (const { source, target, id, event, dueMs } of timers)
      text += `${actors.get(source)?.path ?? ''}>${actors.get(target)?.path ?? ''}:${id}@${dueMs}${this.#value(event)};`;
    return text;
  }

  #actor({ snapshot, kind, input, started }: OpenActor): string {
    const known = this.#snapshots.get(snapshot);
    if (known !== undefined) return known;
    const { status, output, error, context, _nodes, historyValue } = snapshot as Snapshot;
    const nodes = _nodes?.map(({ id }) => id).sort() ?? [];
    const history = Object.entries(historyValue ?? {}).map(([id, remembered]) => [
      id,
      remembered.map((node) => node.id),
    ]);
    const end = status === 'active' ? undefined : [output, error];
    const text = `${started ? status : 'made'}${nodes.join()}${history.length > 0 ? canonical(history) : ''}${this.#value(context)}${
      kind === 'machine' ? '' : this.#value(input)
    }${end ? this.#value(end) : ''}`;
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    const short = String(number);
    // A snapshot of a stand-in is shared by all of its kind.
    if (kind === 'machine' && started) this.#snapshots.set(snapshot, short);
    return short;
  }

  #value(value: unknown): string {
    if (typeof value !== 'object' || value === null) return canonical(value);
    const known = this.#values.get(value);
    if (known !== undefined) return known;
    const text = canonical(value);
    this.#values.set(value, text);
    return text;
  }
}

interface Snapshot {
  readonly status: string;
  readonly output: unknown;
  readonly error: unknown;
  readonly context?: unknown;
  readonly _nodes?: readonly StateNode[];
  readonly historyValue?: Readonly<Record<string, readonly StateNode[]>>;
}
