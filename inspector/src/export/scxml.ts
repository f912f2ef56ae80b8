import type { Chart, ChartState, ChartTransition } from '@synod/protocol';
import { historyOf, invokesOf, statesOf } from './chart-parts.ts';
import { eventFor, shadows, sortedForScxml } from './scxml-events.ts';
import { element, XmlIds, xmlComment } from './xml.ts';

/** The namespace of what SCXML has no element for. */
export const SCXML_EXTENSION = 'https://synod.dev/scxml';

export interface ScxmlOptions {
  /** Told of each thing that SCXML cannot say as the chart does; it stands in the document as a comment too. */
  readonly onInexpressible?: (what: string) => void;
}

/**
 * A chart as SCXML (https://www.w3.org/TR/scxml). The machine is the document's only outermost state. A chart knows guards, actions and delays by name:
 * a guard is `cond="guard('name')"` and a delay that is no number is `delayexpr="delay('name')"`, two functions that a processor's data model
 * must have; an action is the element `<synod:action name="…"/>`. A delay is a `<send>` on entry, cancelled on exit. A state's
 * id has dashes for its dots, since `done.state.a` would be taken for `done.state.a.b`; the chart's own is `synod:id`, that of an event
 * `synod:event`, where it differs.
 */
export function scxml(chart: Chart, options: ScxmlOptions = {}): string {
  return new Document(chart, options).text();
}

class Document {
  readonly #chart: Chart;
  readonly #options: ScxmlOptions;
  readonly #ids = new XmlIds();
  readonly #parents = new Map<string, ChartState>();
  readonly #events: ReadonlySet<string>;

  constructor(chart: Chart, options: ScxmlOptions) {
    this.#chart = chart;
    this.#options = options;
    const all = [...statesOf(chart)];
    for (const state of all) for (const child of state.states) this.#parents.set(child.id, state);
    for (const { id } of all) this.#ids.of(id);
    this.#events = new Set(
      all.flatMap(({ transitions }) => transitions.flatMap(({ kind, event }) => (kind === 'event' ? [event] : []))),
    );
  }

  text(): string {
    const values = {
      xmlns: 'http://www.w3.org/2005/07/scxml',
      'xmlns:synod': SCXML_EXTENSION,
      version: '1.0',
      datamodel: 'ecmascript',
      'synod:machine': this.#chart.id,
      initial: this.#ids.of(this.#chart.root.id),
    };
    const lines = element('scxml', values, this.#state(this.#chart.root));
    return ['<?xml version="1.0" encoding="UTF-8"?>', ...lines, ''].join('\n');
  }

  #state(state: ChartState): string[] {
    if (state.kind === 'history') return this.#history(state);
    const { id, kind, tags, description } = state;
    const name = kind === 'parallel' ? 'parallel' : kind === 'final' ? 'final' : 'state';
    const values = {
      ...this.#named(id),
      ...(kind === 'compound' && state.initial !== undefined && { initial: this.#ids.of(state.initial) }),
      ...(tags.length > 0 && { 'synod:tags': tags.join(' ') }),
    };
    const isOpen = kind !== 'final';
    const transitions = isOpen ? sortedForScxml(state.transitions) : [];
    return element(name, values, [
      ...(description === undefined ? [] : [xmlComment(description)]),
      ...(isOpen ? [] : this.#closed(state)),
      ...this.#entry(state),
      ...this.#exit(state),
      ...transitions.flatMap((transition) => this.#transition(state, transition)),
      ...invokesOf(state).flatMap(({ id: actor, src }) =>
        element('invoke', { id: this.#actor(actor), src, type: 'synod' }),
      ),
      ...state.states.flatMap((child) => this.#state(child)),
    ]);
  }

  #named(id: string): Readonly<Record<string, string>> {
    const written = this.#ids.of(id);
    return { id: written, ...(written !== id && { 'synod:id': id }) };
  }

  /** A final state of SCXML takes nothing. */
  #closed({ id, transitions }: ChartState): string[] {
    return transitions.length === 0 ? [] : [this.#cannot(`the final state ${id} has transitions, which are left out`)];
  }

  #history(state: ChartState): string[] {
    const parent = this.#parents.get(state.id);
    const kind = historyOf(state);
    const first = parent?.kind === 'parallel' ? regionsOf(parent) : [parent?.initial ?? ''];
    const notes =
      kind === undefined ? [this.#cannot(`the chart does not say whether the history ${state.id} is deep`)] : [];
    const targets = first.filter((id) => id !== '').map((id) => this.#ids.of(id));
    return [
      ...notes,
      ...element('history', { ...this.#named(state.id), type: kind ?? 'shallow' }, [
        ...element('transition', { target: targets.join(' ') }),
      ]),
    ];
  }

  #entry(state: ChartState): string[] {
    const timers = delaysOf(state).flatMap((delay) =>
      element('send', {
        id: this.#timer(state, delay),
        event: this.#timer(state, delay),
        ...(/^\d+$/.test(delay) ? { delay: `${delay}ms` } : { delayexpr: `delay(${quoted(delay)})` }),
      }),
    );
    const inside = [...actions(state.entry), ...timers];
    return inside.length === 0 ? [] : element('onentry', {}, inside);
  }

  #exit(state: ChartState): string[] {
    const timers = delaysOf(state).flatMap((delay) => element('cancel', { sendid: this.#timer(state, delay) }));
    const inside = [...timers, ...actions(state.exit)];
    return inside.length === 0 ? [] : element('onexit', {}, inside);
  }

  /** A delay's id and event, which nothing else in the document has. */
  #timer(state: ChartState, delay: string): string {
    return this.#ids.of(`after ${delay} ${state.id}`, `after.${delay}.${state.id}`);
  }

  #actor(id: string): string {
    return this.#ids.of(`invoke ${id}`, id);
  }

  #transition(state: ChartState, transition: ChartTransition): string[] {
    const { kind, event, guard, description } = transition;
    const written = this.#eventOf(state, transition);
    if (written === undefined)
      return [this.#cannot(`${state.id} has a transition on ${JSON.stringify(event)}, which no SCXML event is called`)];
    const { reach, notes } = this.#reach(state, transition);
    const values = {
      ...(kind !== 'always' && { event: written }),
      ...(kind === 'event' && written !== event && { 'synod:event': event }),
      ...(guard !== undefined && { cond: `guard(${quoted(guard)})` }),
      ...(reach.length > 0 && { target: reach.map((id) => this.#ids.of(id)).join(' ') }),
      ...(reach.length > 0 && !transition.reenter && this.#isInner(state, reach) && { type: 'internal' }),
    };
    const wider = kind === 'event' ? shadows(event, this.#events) : [];
    return [
      ...(description === undefined ? [] : [xmlComment(description)]),
      ...(wider.length > 0
        ? [this.#cannot(`${event} in SCXML is taken for ${wider.join(', ')} as well, as its beginning`)]
        : []),
      ...notes,
      ...element('transition', values, actions(transition.actions)),
    ];
  }

  #eventOf(state: ChartState, { kind, event }: ChartTransition): string | undefined {
    if (kind === 'after') return this.#timer(state, event);
    if (kind === 'always') return '';
    return eventFor(event, { state: (id) => this.#ids.of(id), actor: (id) => this.#actor(id) });
  }

  /**
   * Where a transition leads in SCXML. To its own state without entering it anew, it stays there, or leads to what the state begins with: SCXML
   * would leave the state.
   */
  #reach(
    state: ChartState,
    { targets, reenter }: ChartTransition,
  ): { readonly reach: readonly string[]; readonly notes: readonly string[] } {
    if (reenter || targets.length === 0) return { reach: targets, notes: [] };
    const isOwn = targets.length === 1 && targets[0] === state.id;
    if (isOwn && state.kind === 'atomic') return { reach: [], notes: [] };
    if (isOwn && state.kind === 'compound' && state.initial !== undefined) return { reach: [state.initial], notes: [] };
    if (state.kind === 'parallel' && (isOwn || this.#isInner(state, targets)))
      return {
        reach: targets,
        notes: [this.#cannot(`a transition within the parallel state ${state.id} leaves and enters it in SCXML`)],
      };
    return { reach: targets, notes: [] };
  }

  /** Whether all are inside of a state. */
  #isInner(state: ChartState, targets: readonly string[]): boolean {
    return targets.every((target) => {
      for (let around = this.#parents.get(target); around; around = this.#parents.get(around.id))
        if (around.id === state.id) return true;
      return false;
    });
  }

  #cannot(what: string): string {
    this.#options.onInexpressible?.(what);
    return xmlComment(`Not the same in SCXML: ${what}.`);
  }
}

const actions = (names: readonly string[]): string[] => names.flatMap((name) => element('synod:action', { name }));

/** The delays of a state, each once. */
const delaysOf = ({ kind, transitions }: ChartState): readonly string[] =>
  kind === 'final' ? [] : [...new Set(transitions.flatMap((each) => (each.kind === 'after' ? [each.event] : [])))];

const regionsOf = (state: ChartState): readonly string[] =>
  state.states.flatMap(({ id, kind }) => (kind === 'history' ? [] : [id]));

/** A text of the data model, ECMAScript. */
const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
