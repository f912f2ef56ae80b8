import { type Chart, chartOf, type GuardOutcome, SynodError, type TransitionRef } from '@synod/protocol';
import type { AnyActorRef, AnyStateMachine, StateValue } from 'xstate';
import { measureByCanvas } from '../page/chart/measure.ts';
import { eachFrame } from '../page/views/charts/frames.ts';
import { LIT_MS, LiveChart } from '../page/views/charts/live-chart.ts';
import { foldOf, makeReachable } from '../page/views/charts/reachable.ts';
import { activeStates, stateWords } from '../src/chart/active.ts';
import type { Drawing } from '../src/chart/drawing.ts';
import { layoutChart } from '../src/chart/layout.ts';
import { pictureOf } from '../src/chart/picture.ts';
import { placesOf } from '../src/world/activity.ts';
import { isChart } from '../src/world/read.ts';
import { choice, made, SynodElement } from './element.ts';
import { layouterOf } from './elk.ts';
import { svgElement } from './svg.ts';
import type { ChartTimers, SynodChartElement, TransitionCounts } from './types.ts';
import { logicIn, watch } from './watch.ts';

const NONE: readonly string[] = [];
const NO_TIMERS: ChartTimers = {};
const NO_GUARDS: readonly GuardOutcome[] = [];

/** What is drawn, and how: where any of it changes, all is laid out anew. */
interface Plan {
  readonly chart: Chart;
  readonly detail: 'full' | 'compact';
  readonly folded: ReadonlySet<string>;
  readonly workerUrl: string;
}

const isSame = (a: Plan, b: Plan): boolean =>
  a.chart === b.chart && a.detail === b.detail && a.folded === b.folded && a.workerUrl === b.workerUrl;

export class ChartElement extends SynodElement implements SynodChartElement {
  static readonly observedAttributes = ['theme', 'detail', 'label', 'elk-worker-url'];
  readonly #host = made('div', { class: 'chart' });
  #chart: Chart | undefined;
  #machine: { readonly machine: AnyStateMachine; readonly chart: Chart } | undefined;
  #actor: AnyActorRef | undefined;
  #value: unknown;
  #counts: TransitionCounts | undefined;
  #guards = NO_GUARDS;
  #timers: ChartTimers | undefined;
  #taken: readonly TransitionRef[] = [];
  /** Whether transitions that were taken are still to be lit. */
  #isLightDue = false;
  #lit: ReturnType<typeof setTimeout> | undefined;
  #folded: ReadonlySet<string> = new Set();
  #plan: Plan | undefined;
  #live: LiveChart | undefined;
  #counting = (): void => {};
  #ending: AbortSignal | undefined;
  #watching = new AbortController();

  constructor() {
    super();
    this.body.append(this.#host);
    this.#host.addEventListener('click', ({ target }) => void this.#fold(target));
    this.#host.addEventListener('keydown', (event) => {
      if ((event.key === 'Enter' || event.key === ' ') && this.#fold(event.target)) event.preventDefault();
    });
  }

  get chart(): Chart | undefined {
    return this.#chart;
  }
  set chart(chart: Chart | undefined) {
    this.#chart = chart;
    this.changed();
  }

  get machine(): AnyStateMachine | undefined {
    return this.#machine?.machine;
  }
  set machine(machine: AnyStateMachine | undefined) {
    if (machine === this.machine) return;
    this.#machine = machine && { machine, chart: chartOf(machine) };
    this.changed();
  }

  get actor(): AnyActorRef | undefined {
    return this.#actor;
  }
  set actor(actor: AnyActorRef | undefined) {
    if (actor === this.#actor) return;
    this.#actor = actor;
    this.#value = this.#timers = undefined;
    this.#guards = NO_GUARDS;
    this.#watch();
    this.changed();
  }

  get value(): StateValue | undefined {
    return this.#value as StateValue | undefined;
  }
  set value(value: StateValue | undefined) {
    this.#value = value;
    this.changed();
  }

  get taken(): readonly TransitionRef[] {
    return this.#taken;
  }
  set taken(taken: readonly TransitionRef[] | undefined) {
    this.#taken = taken ?? NONE;
    this.#isLightDue = true;
    this.changed();
  }

  get counts(): TransitionCounts | undefined {
    return this.#counts;
  }
  set counts(counts: TransitionCounts | undefined) {
    this.#counts = counts;
    this.changed();
  }

  get guards(): readonly GuardOutcome[] {
    return this.#guards;
  }
  set guards(guards: readonly GuardOutcome[] | undefined) {
    this.#guards = guards ?? NO_GUARDS;
    this.changed();
  }

  get timers(): ChartTimers | undefined {
    return this.#timers;
  }
  set timers(timers: ChartTimers | undefined) {
    this.#timers = timers;
    this.changed();
  }

  get detail(): 'full' | 'compact' {
    return choice(this.getAttribute('detail'), ['full', 'compact']);
  }
  set detail(detail: 'full' | 'compact') {
    this.setAttribute('detail', detail);
  }

  get label(): string {
    return this.getAttribute('label') ?? (this.#plan ? `Statechart of ${this.#plan.chart.id}` : 'Statechart');
  }
  set label(label: string) {
    this.setAttribute('label', label);
  }

  get elkWorkerUrl(): string {
    return this.getAttribute('elk-worker-url') ?? '';
  }
  set elkWorkerUrl(url: string) {
    this.setAttribute('elk-worker-url', url);
  }

  protected override connected(ending: AbortSignal): void {
    this.#ending = ending;
    ending.addEventListener('abort', () => {
      this.#watching.abort();
      this.#counting();
    });
    this.#watch();
  }

  protected override update(): void {
    const chart = this.#actor ? logicIn(this.#actor).chart : (this.#chart ?? this.#machine?.chart);
    if (!chart) return this.#empty(undefined);
    const before = this.#plan;
    if (before?.chart !== chart) this.#folded = new Set();
    const plan: Plan = { chart, detail: this.detail, folded: this.#folded, workerUrl: this.elkWorkerUrl };
    if (before && isSame(before, plan)) return this.#mark();
    this.#plan = plan;
    this.fail(undefined);
    this.#drawingOf(plan).then(
      (drawing) => plan === this.#plan && this.#show(plan, drawing),
      (error: unknown) => {
        if (plan !== this.#plan) return;
        this.#empty(plan);
        this.fail(error, 'CHART_LAYOUT_FAILED');
      },
    );
  }

  async #drawingOf({ chart, detail, folded, workerUrl }: Plan): Promise<Drawing> {
    if (!isChart(chart)) throw new SynodError('CHART_INVALID', 'This is no chart; chartOf(machine) makes one.');
    const { elk, failure } = await layouterOf(workerUrl);
    const drawing = layoutChart(chart, { elk, measure: measureByCanvas(this.body), detail, folded });
    return Promise.race([drawing, failure]);
  }

  #show({ chart, detail, folded }: Plan, drawing: Drawing): void {
    const focused = foldOf(this.shadowRoot?.activeElement ?? null);
    this.#host.className = `chart ${detail}`;
    this.#host.replaceChildren(svgElement(pictureOf(drawing, `Statechart of ${chart.id}`)));
    if (detail === 'full') makeReachable(this.#host, drawing, [...folded]);
    this.#live = new LiveChart(this.#host);
    if (focused) this.#host.querySelector<SVGElement>(`[data-fold="${CSS.escape(focused)}"]`)?.focus();
    this.#mark();
  }

  /** Shows nothing, and does not try again while all is as it was. */
  #empty(plan: Plan | undefined): void {
    this.#plan = plan;
    this.#live = undefined;
    this.#counting();
    this.#host.replaceChildren();
  }

  /** Lights what is active, taken and frequent. */
  #mark(): void {
    const [live, chart] = [this.#live, this.#plan?.chart];
    if (!live || !chart) return;
    const words = stateWords(this.#value);
    this.#host.firstElementChild?.setAttribute('aria-label', words === '' ? this.label : `${this.label}, at ${words}`);
    live.activate(this.#value === undefined ? NONE : activeStates(chart, this.#value));
    const counts = this.#counts;
    live.warm(chart, counts && [...placesOf(chart).keys()].map((ref) => counts[ref] ?? 0));
    if (this.#plan?.detail === 'full') live.judge(this.#guards);
    this.#count(live);
    if (!this.#isLightDue) return;
    this.#isLightDue = false;
    live.take(this.#taken);
    clearTimeout(this.#lit);
    this.#lit = setTimeout(() => this.#live?.take(NONE), LIT_MS);
  }

  /** Turns the rings of running timers, as long as there are any. */
  #count(live: LiveChart): void {
    this.#counting();
    const timers = this.#timers ?? NO_TIMERS;
    if (!live.arm(timers)) return;
    const draw = (): void => live.countDown(timers, Date.now());
    draw();
    this.#counting = eachFrame(draw);
  }

  #watch(): void {
    this.#watching.abort();
    if (!this.#actor || !this.#ending || this.#ending.aborted) return;
    this.#watching = new AbortController();
    watch(this.#actor, this.#watching.signal, ({ value, taken, guards, timers }) => {
      this.#value = value;
      this.#guards = guards;
      this.#timers = timers;
      if (taken && taken.length > 0) this.taken = taken;
      else this.changed();
    });
  }

  #fold(target: EventTarget | null): boolean {
    const state = foldOf(target);
    if (state === undefined) return false;
    const folded = new Set(this.#folded);
    if (!folded.delete(state)) folded.add(state);
    this.#folded = folded;
    this.changed();
    return true;
  }
}
