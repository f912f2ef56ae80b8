import type { NodeView } from '@synod/protocol';

/** The most properties that are told apart when something changes; more than these share. */
const MOST = 30;

/** A bit for the property with this number. */
export const bitOf = (property: number): number => 1 << (property % MOST);

/** Which properties have read what of one actor, as bits. */
class Reads {
  up = 0;
  value = 0;
  /** Properties that looked at which fields there are. */
  all = 0;
  readonly #fields: string[] = [];
  readonly #bits: number[] = [];

  field(name: string, bit: number): void {
    const at = this.#fields.indexOf(name);
    if (at >= 0) this.#bits[at] = (this.#bits[at] as number) | bit;
    else {
      this.#fields.push(name);
      this.#bits.push(bit);
    }
  }

  /** The properties that might now answer otherwise. */
  changed(before: NodeView, after: NodeView): number {
    let bits = before.up === after.up ? 0 : this.up;
    if (before.value !== after.value && !sameValue(before.value, after.value)) bits |= this.value;
    if (before.context === after.context) return bits;
    const [old, now] = [before.context as Fields, after.context as Fields];
    bits |= this.all;
    for (let at = 0; at < this.#fields.length; at++) {
      const field = this.#fields[at] as string;
      if (!Object.is(old[field], now[field])) bits |= this.#bits[at] as number;
    }
    return bits;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** XState makes the value of a nested state anew in each step. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [left, right] = [a as Fields, b as Fields];
  for (const key in left) if (!sameValue(left[key], right[key])) return false;
  for (const key in right) if (!(key in left)) return false;
  return true;
}

/**
 * Views that know what was read of them. Most steps change nothing that a property looks at: a heartbeat draws a new timeout, and no
 * invariant speaks of timeouts. A predicate that reads only what it read before, unchanged, answers as before, so it need not be asked.
 */
export class TrackedViews {
  readonly #views: NodeView[];
  readonly #tracked: (NodeView | undefined)[];
  readonly #watches: readonly Watch[];
  readonly #asking: Asking = { bit: 0 };

  constructor(views: readonly NodeView[]) {
    this.#views = [...views];
    this.#tracked = views.map(() => undefined);
    this.#watches = views.map(() => new Watch(this.#asking));
  }

  /** As they are now, for whoever need not be watched. */
  get plain(): readonly NodeView[] {
    return this.#views;
  }

  at(actor: number): NodeView {
    return this.#views[actor] as NodeView;
  }

  /** A view is another now. Returns the bits of those whose answer might be another. */
  update(actor: number, view: NodeView): number {
    const before = this.#views[actor] as NodeView;
    this.#views[actor] = view;
    this.#tracked[actor] = undefined;
    return (this.#watches[actor] as Watch).reads.changed(before, view);
  }

  /** Asks a predicate, and remembers under `bit` what it reads. */
  ask(bit: number, predicate: (views: readonly NodeView[]) => boolean): boolean {
    for (let actor = 0; actor < this.#tracked.length; actor++) {
      this.#tracked[actor] ??= (this.#watches[actor] as Watch).over(this.#views[actor] as NodeView);
    }
    this.#asking.bit = bit;
    try {
      return predicate(this.#tracked as NodeView[]);
    } finally {
      this.#asking.bit = 0;
    }
  }
}

/** The property that is asked now, as a bit; 0 for nobody. */
interface Asking {
  bit: number;
}

/** Notes what is read of one actor. One pair of handlers serves all its views: a new view costs two proxies and no more. */
class Watch {
  readonly reads = new Reads();
  readonly #ofView: ProxyHandler<NodeView>;
  readonly #ofContext: ProxyHandler<object>;

  constructor(asking: Asking) {
    const { reads } = this;
    this.#ofView = {
      get(view, name) {
        if (name === 'up') reads.up |= asking.bit;
        else if (name === 'value') reads.value |= asking.bit;
        return view[name as keyof NodeView];
      },
    };
    this.#ofContext = {
      get(context, name) {
        if (typeof name === 'string') reads.field(name, asking.bit);
        return (context as Fields)[name as string];
      },
      has(context, name) {
        if (typeof name === 'string') reads.field(name, asking.bit);
        return name in context;
      },
      ownKeys(context) {
        reads.all |= asking.bit;
        return Reflect.ownKeys(context);
      },
    };
  }

  /** A view that notes what is read of it. */
  over(view: NodeView): NodeView {
    const context = new Proxy(view.context as object, this.#ofContext);
    return new Proxy({ ...view, context }, this.#ofView);
  }
}
