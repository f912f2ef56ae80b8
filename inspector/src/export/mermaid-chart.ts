import type { Chart, ChartState, ChartTransition } from '@synod/protocol';
import { historyOf, invokesOf } from './chart-parts.ts';
import { mermaidText, Names } from './mermaid-text.ts';
import { triggerText } from './text.ts';

export interface MermaidChartOptions {
  /** `full` (default): actions too, and what stays within a state; `compact`: events and guards of what leads somewhere. */
  readonly detail?: 'full' | 'compact';
}

/**
 * A chart as a Mermaid state diagram (`stateDiagram-v2`). Regions are parted by `--`; entry and exit actions, invoked actors and transitions
 * without a target are notes beside their state. Mermaid knows neither a root nor history: the root's transitions are notes at their targets,
 * a history state is a state called H, or H* for a deep one.
 */
export function mermaidChart(chart: Chart, { detail = 'full' }: MermaidChartOptions = {}): string {
  return new Diagram(chart, detail === 'full').text();
}

class Diagram {
  readonly #root: ChartState;
  readonly #full: boolean;
  readonly #names = new Names();
  readonly #parents = new Map<string, ChartState>();
  readonly #lines: string[] = ['stateDiagram-v2'];

  constructor({ root }: Chart, full: boolean) {
    // What has no states to be inside of, or regions, is drawn itself.
    const isDrawn = root.kind === 'parallel' || root.states.length === 0;
    const { initial: _, ...bare } = root;
    this.#root = isDrawn
      ? { ...bare, id: '', kind: 'compound', initial: root.id, entry: [], exit: [], transitions: [], states: [root] }
      : root;
    this.#full = full;
    this.#adopt(this.#root);
  }

  text(): string {
    this.#inside(this.#root, '  ');
    this.#rootNotes();
    return this.#lines.join('\n');
  }

  #adopt(state: ChartState): void {
    for (const child of state.states) {
      this.#parents.set(child.id, state);
      this.#adopt(child);
    }
  }

  #inside(state: ChartState, indent: string): void {
    for (const [index, child] of state.states.entries()) {
      if (index > 0 && state.kind === 'parallel') this.#lines.push(`${indent}--`);
      this.#state(child, indent);
    }
    if (state.kind === 'parallel') return;
    if (state.initial !== undefined) this.#lines.push(`${indent}[*] --> ${this.#names.of(state.initial)}`);
    this.#transitions(state, state, indent);
    for (const child of state.states)
      if (child.kind === 'final') this.#lines.push(`${indent}${this.#names.of(child.id)} --> [*]`);
    if (this.#full) this.#notes(state, indent);
  }

  #state(state: ChartState, indent: string): void {
    const head = `${indent}state "${mermaidText(titleOf(state))}" as ${this.#names.of(state.id)}`;
    if (state.states.length === 0) {
      this.#lines.push(head);
      return;
    }
    this.#lines.push(`${head} {`);
    this.#inside(state, `${indent}  `);
    this.#lines.push(`${indent}}`);
  }

  /** The transitions of what is inside `of` whose ends have `block` as the innermost state around both: Mermaid puts a state where it is named first. */
  #transitions(block: ChartState, of: ChartState, indent: string): void {
    for (const child of of.states) {
      for (const transition of child.transitions)
        for (const target of transition.targets.map((id) => this.#drawn(id)))
          if (this.#around(child.id, target) === block)
            this.#lines.push(
              `${indent}${this.#names.of(child.id)} --> ${this.#names.of(target)} : ${this.#label(transition)}`,
            );
      this.#transitions(block, child, indent);
    }
  }

  /** What stands for a state that is not drawn, as the root is not: where it begins. */
  #drawn(id: string): string {
    return id === this.#root.id ? (this.#root.initial ?? id) : id;
  }

  /** The innermost state around both that has no regions. */
  #around(source: string, target: string): ChartState {
    const above = new Set<ChartState>();
    for (let state = this.#parents.get(source); state; state = this.#parents.get(state.id)) above.add(state);
    for (let state = this.#parents.get(target); state; state = this.#parents.get(state.id))
      if (above.has(state) && state.kind !== 'parallel') return state;
    return this.#root;
  }

  #label(transition: ChartTransition): string {
    const trigger = mermaidText(triggerText(transition));
    const { actions } = transition;
    return this.#full && actions.length > 0 ? `${trigger} / ${mermaidText(actions.join(', '))}` : trigger;
  }

  /** Notes stand beside the states that are inside `of`. */
  #notes(of: ChartState, indent: string): void {
    for (const child of of.states) {
      const lines = this.#facts(child);
      if (lines.length > 0) this.#note('right', child.id, lines, indent);
      if (child.kind === 'parallel') this.#notes(child, indent);
    }
  }

  #facts(state: ChartState): string[] {
    const { entry, exit, transitions } = state;
    return [
      ...(entry.length > 0 ? [`entry / ${mermaidText(entry.join(', '))}`] : []),
      ...(exit.length > 0 ? [`exit / ${mermaidText(exit.join(', '))}`] : []),
      ...invokesOf(state).map(({ id, src }) => mermaidText(`invokes ${src} as ${id}`)),
      ...transitions.filter(({ targets }) => targets.length === 0).map((transition) => this.#label(transition)),
    ];
  }

  #rootNotes(): void {
    for (const transition of this.#root.transitions)
      for (const target of transition.targets.map((id) => this.#drawn(id)))
        this.#note('left', target, [`from every state, ${this.#label(transition)}`], '  ');
    const facts = this.#full ? this.#facts(this.#root) : [];
    const place = this.#root.initial ?? this.#root.states[0]?.id;
    if (facts.length > 0 && place !== undefined)
      this.#note('left', place, [mermaidText(`in every state of ${this.#root.key}`), ...facts], '  ');
  }

  #note(side: 'left' | 'right', id: string, lines: readonly string[], indent: string): void {
    const head = `${indent}note ${side} of ${this.#names.of(id)}`;
    if (lines.length === 1) this.#lines.push(`${head} : ${lines[0]}`);
    else this.#lines.push(head, ...lines.map((line) => `${indent}  ${line}`), `${indent}end note`);
  }
}

function titleOf(state: ChartState): string {
  if (state.kind !== 'history') return state.key;
  return `${historyOf(state) === 'deep' ? 'H*' : 'H'} ${state.key}`;
}
