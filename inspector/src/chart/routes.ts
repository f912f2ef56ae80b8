import type { Chart, ChartState, ChartTransition } from '@synod/protocol';

// Which transitions become lines and which become rows inside a state.

/** A line to draw, and the transitions it stands for. */
export interface Line {
  readonly kind: 'transition' | 'hint' | 'otherwise';
  /** The state among whose children the line runs: the innermost that holds both ends. */
  readonly within: string;
  /** `within` itself when the line begins at the frame. */
  readonly from: string;
  readonly to: string;
  readonly members: { readonly transition: ChartTransition; readonly target?: string }[];
}

/** A transition written inside its state. */
interface Staying {
  readonly transition: ChartTransition;
  /** Where it leads, when it does lead away. */
  readonly target?: string;
}

export interface Routes {
  readonly lines: readonly Line[];
  readonly staying: ReadonlyMap<string, readonly Staying[]>;
  /** Compound states that a line enters or leaves through their frame. */
  readonly pierced: ReadonlySet<string>;
  readonly byId: ReadonlyMap<string, ChartState>;
  readonly parentOf: ReadonlyMap<string, ChartState>;
}

/**
 * Sorts the transitions of `chart`. No line crosses the frame of a parallel state's region: there a row says where to.
 * Nor is there any line among the children of the states in `asRows`.
 */
export function routesOf(chart: Chart, asRows: ReadonlySet<string> = new Set()): Routes {
  const byId = new Map<string, ChartState>();
  const parentOf = new Map<string, ChartState>();
  index(chart.root, byId, parentOf);
  const lines = new Map<string, Line>();
  const staying = new Map<string, Staying[]>();
  const tree: Tree = { byId, parentOf };

  const add = (kind: Line['kind'], { within, from, to }: Ends, member?: Line['members'][number]): void => {
    const key = JSON.stringify([kind, within, from, to]);
    const line = lines.get(key) ?? { kind, within, from, to, members: [] };
    if (member) line.members.push(member);
    lines.set(key, line);
  };
  for (const state of byId.values()) {
    for (const transition of state.transitions) {
      const way = withoutLine(route(tree, state, transition), tree, asRows);
      if (way.line) add('transition', way.line, { transition, ...(way.target ? { target: way.target } : {}) });
      else {
        const rows = staying.get(state.id) ?? [];
        rows.push({ transition, ...(way.target === undefined ? {} : { target: way.target }) });
        staying.set(state.id, rows);
        if (way.hint) add('hint', way.hint);
      }
    }
    if (state.otherwise) {
      const { line } = withoutLine(route(tree, state, { targets: state.otherwise }), tree, asRows);
      if (line) add('otherwise', line);
    }
  }
  const pierced = new Set([...lines.values()].flatMap((line) => frames(tree, line)));
  return { lines: [...lines.values()], staying, pierced, byId, parentOf };
}

type Ends = Pick<Line, 'within' | 'from' | 'to'>;
type Tree = Pick<Routes, 'byId' | 'parentOf'>;

interface Way {
  readonly line?: Ends;
  readonly hint?: Ends;
  readonly target?: string;
}

function index(state: ChartState, byId: Map<string, ChartState>, parentOf: Map<string, ChartState>): void {
  byId.set(state.id, state);
  for (const child of state.states) {
    parentOf.set(child.id, state);
    index(child, byId, parentOf);
  }
}

/** A state and those around it, innermost first. */
function around({ parentOf }: Tree, state: ChartState): ChartState[] {
  const path = [state];
  for (let next = parentOf.get(state.id); next; next = parentOf.get(next.id)) path.push(next);
  return path;
}

function route(tree: Tree, source: ChartState, transition: Pick<ChartTransition, 'targets'>): Way {
  const targets = transition.targets.flatMap((id) => tree.byId.get(id) ?? []);
  const target = targets[0];
  if (!target) return {};
  const words = targets.map((state) => state.key).join(', ');
  const outer = around(tree, source);
  if (target === source) return tree.parentOf.has(source.id) ? selfLoop(tree, source) : {};
  if (outer.includes(target)) return { target: words };

  const inner = around(tree, target);
  const within = outer.find((state) => inner.includes(state));
  if (!within || within.kind === 'parallel') return { target: words };
  const reached = lastParallel(inner, within) ?? target;
  const indirect = targets.length > 1 || reached !== target;
  const left = source === within ? undefined : lastParallel(outer.slice(1), within);
  if (left) return { target: words, hint: { within: within.id, from: left.id, to: reached.id } };
  return {
    line: { within: within.id, from: source.id, to: reached.id },
    ...(indirect ? { target: words } : {}),
  };
}

/** A way whose line would run where none may: its target in words instead. */
function withoutLine(way: Way, { byId }: Tree, asRows: ReadonlySet<string>): Way {
  const ends = way.line ?? way.hint;
  if (!ends || !asRows.has(ends.within)) return way;
  return { target: way.target ?? byId.get(ends.to)?.key ?? ends.to };
}

function selfLoop(tree: Tree, source: ChartState): Way {
  const parent = tree.parentOf.get(source.id);
  // A region of a parallel state has no room around it for a loop.
  return parent?.kind === 'parallel' || !parent ? {} : { line: { within: parent.id, from: source.id, to: source.id } };
}

/** The outermost parallel state on a path up to, but without, `within`. */
const lastParallel = (path: readonly ChartState[], within: ChartState): ChartState | undefined =>
  path.slice(0, path.indexOf(within)).findLast((state) => state.kind === 'parallel');

/** The states whose frame a line crosses. */
function frames(tree: Tree, line: Line): string[] {
  return [line.from, line.to].flatMap((id) => {
    const state = tree.byId.get(id);
    const path = state ? around(tree, state).map((item) => item.id) : [];
    const end = path.indexOf(line.within);
    return end > 0 ? path.slice(1, end) : [];
  });
}
