import type { Chart, ChartState, ChartTransition } from '@synod/protocol';
import { below, historyOf, invokesOf } from './chart-parts.ts';
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
  readonly #keys = new Map<string, string>();
  readonly #parents = new Map<string, ChartState>();
  /** The lines of each state's note: Mermaid keeps one for a state, the last. */
  readonly #notes = new Map<string, string[]>();
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
    this.#gatherNotes();
  }

  text(): string {
    this.#inside(this.#root, '  ');
    return this.#lines.join('\n');
  }

  #adopt(state: ChartState): void {
    for (const child of state.states) {
      this.#parents.set(child.id, state);
      this.#keys.set(child.id, child.key);
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
    this.#notesInside(state, indent);
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

  /**
   * The transitions of what is inside `of` whose ends have `block` as the innermost state around both: Mermaid puts a state where it is named
   * first. Those between the same two states share an arrow, since Mermaid draws several in one place.
   */
  #transitions(block: ChartState, of: ChartState, indent: string): void {
    for (const child of of.states) {
      const arrows = new Map<string, string[]>();
      for (const transition of child.transitions)
        for (const target of transition.targets.map((id) => this.#drawn(id)))
          if (this.#around(child.id, target) === block && !this.#isNoted(child, target))
            arrows.set(target, [...(arrows.get(target) ?? []), this.#label(transition)]);
      for (const [target, labels] of arrows)
        this.#lines.push(
          `${indent}${this.#names.of(child.id)} --> ${this.#names.of(target)} : ${labels.join('<br/>')}`,
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

  #notesInside(state: ChartState, indent: string): void {
    for (const child of state.states) {
      const lines = this.#notes.get(child.id) ?? [];
      const head = `${indent}note ${this.#full ? 'right' : 'left'} of ${this.#names.of(child.id)}`;
      if (lines.length === 1) this.#lines.push(`${head} : ${lines[0]}`);
      else if (lines.length > 1)
        this.#lines.push(head, ...lines.map((line) => `${indent}  ${line}`), `${indent}end note`);
    }
  }

  #gatherNotes(): void {
    const { id, key, initial, states } = this.#root;
    if (this.#full) for (const state of below(this.#root)) this.#note(state.id, this.#facts(state));
    for (const state of [this.#root, ...below(this.#root)])
      for (const transition of state.transitions)
        for (const target of transition.targets) this.#noteTransition(state, target, this.#label(transition));
    const facts = this.#full ? this.#facts(this.#root) : [];
    if (facts.length > 0)
      this.#note(initial ?? states[0]?.id ?? id, [mermaidText(`in every state of ${key}`), ...facts]);
  }

  /**
   * What leads from a state to one inside of it or around it, or from or to a whole region, Mermaid fails to draw more often than not: it
   * stands in a note.
   */
  #isNoted(state: ChartState, target: string): boolean {
    if (target === state.id) return state.states.length > 0 || this.#isRegion(target);
    if (this.#isAround(state.id, target) || this.#isAround(target, state.id)) return true;
    return this.#isRegion(state.id) || this.#isRegion(target);
  }

  #isRegion(id: string): boolean {
    return this.#parents.get(id)?.kind === 'parallel';
  }

  #isAround(outer: string, inner: string): boolean {
    for (let state = this.#parents.get(inner); state; state = this.#parents.get(state.id))
      if (state.id === outer) return true;
    return false;
  }

  /** Adds to the note of a state; to that around it for a region, beside which Mermaid fails to draw a note. */
  #note(id: string, lines: readonly string[]): void {
    const parent = this.#parents.get(id);
    if (lines.length === 0) return;
    if (parent?.kind !== 'parallel') {
      this.#notes.set(id, [...(this.#notes.get(id) ?? []), ...lines]);
      return;
    }
    const region = mermaidText(this.#keys.get(id) ?? id);
    this.#note(
      parent.id,
      lines.map((line) => `in ${region}, ${line}`),
    );
  }

  #noteTransition(state: ChartState, target: string, label: string): void {
    if (state === this.#root) return this.#note(this.#drawn(target), [`from every state, ${label}`]);
    if (!this.#isNoted(state, target)) return;
    const [own = '', end = ''] = [state.key, this.#keys.get(target) ?? target].map(mermaidText);
    if (this.#isAround(state.id, target)) return this.#note(target, [`from every state of ${own}, ${label}`]);
    const isBack = target === state.id || this.#isAround(target, state.id);
    this.#note(state.id, [`${label}, ${isBack ? `back to where ${end} begins` : `to ${end}`}`]);
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
}

function titleOf(state: ChartState): string {
  if (state.kind !== 'history') return state.key;
  return `${historyOf(state) === 'deep' ? 'H*' : 'H'} ${state.key}`;
}
