import { drawHistory, judgeLinearizable } from '@synod/checker/history';
import { AssertionError, describeError, type Specification, type TraceRecord } from '@synod/protocol';
import { Recorder } from '@synod/trace';
import { type Coverage, TransitionCounter } from './coverage.ts';
import type { Schedule } from './faults.ts';
import { Pilot } from './fork/pilot.ts';
import { History } from './history.ts';
import { Injector } from './injector.ts';
import { Judge } from './judge.ts';
import { type Plan, planOf, type SimulateOptions } from './options.ts';
import { micros, millis } from './time.ts';
import type { Violation } from './violation.ts';
import { World } from './world.ts';

/** How long the healed cluster is watched where the configuration does not say, in milliseconds. */
const HEALED_MS = 10_000;

/** The judge is bounded by what it looks at, and not by time: the same seed has the same verdict on any machine. */
const BOUNDS = { maxSeconds: 3_600, explainSeconds: 3_600 };

/** How often the healed cluster is asked whether all has come, in milliseconds. */
const GLANCE_MS = 100;

/** What a run came to. But for `wallSeconds` it is the same for the same seed and options. */
export interface SimulationResult {
  readonly seed: number;
  readonly nodes: number;
  readonly clients: number;
  readonly schedule: Schedule;
  /** Steps of machines; and all that happened, messages lost and faults among it. */
  readonly steps: number;
  readonly events: number;
  /** Messages that members sent, whatever became of them. */
  readonly messages: number;
  readonly simulatedSeconds: number;
  readonly wallSeconds: number;
  /** The promises broken at the moment at which the run ended; none if it kept them all. */
  readonly violations: readonly Violation[];
  /** Whether what the clients saw was judged: a run that broke another promise before, has no object, or is too much for the judge, leaves it open. */
  readonly historyJudged: boolean;
  readonly coverage: Coverage;
  /** Where one was asked for. */
  readonly trace?: readonly TraceRecord[];
}

/**
 * Runs a cluster in simulated time: first under faults, in which it must keep its safety properties; then, with everything mended, until
 * it has made the progress that it promises. Ends at the first broken promise.
 * @throws SynodError `SIMULATION_INVALID`, `SCHEDULE_INVALID`, `FAULT_UNKNOWN`, `PROPERTY_FAILED` or `SIMULATION_STUCK`.
 */
export const simulate = (specification: Specification, options: SimulateOptions = {}): SimulationResult =>
  simulatePlan(planOf(specification, options), options);

/** As `simulate`, of a plan that is already made. */
export function simulatePlan(plan: Plan, options: SimulateOptions, pilot = pilotOf(options)): SimulationResult {
  const started = performance.now();
  const run = new Run(plan, options, pilot);
  run.underFaults();
  run.healed();
  run.judgeHistory();
  return run.result(started);
}

/** Who lets deviations happen, in a run that has any. */
const pilotOf = ({ deviations = [] }: SimulateOptions): Pilot | undefined =>
  deviations.length > 0 ? new Pilot(deviations, {}, () => 0) : undefined;

class Run {
  readonly #plan: Plan;
  readonly #world: World;
  readonly #judge: Judge;
  readonly #injector: Injector;
  readonly #history = new History();
  readonly #counter: TransitionCounter;
  readonly #violations: Violation[] = [];
  readonly #trace: TraceRecord[] | undefined;
  readonly #onEmit: SimulateOptions['onEmit'];
  #operationsBefore = 0;
  #isHealed = false;
  #historyJudged = false;

  constructor(plan: Plan, options: SimulateOptions, pilot: Pilot | undefined) {
    this.#plan = plan;
    const { configuration, specification, seed } = plan;
    this.#counter = new TransitionCounter(specification.roles);
    const { trace, network, disk } = options;
    this.#onEmit = options.onEmit;
    this.#trace = trace === true ? [] : undefined;
    const sink = typeof trace === 'function' ? trace : (record: TraceRecord) => void this.#trace?.push(record);
    this.#world = new World(configuration, specification.roles, this.#observer(), {
      seed,
      network,
      disk,
      recorder: trace ? new Recorder(sink) : undefined,
      guards: options.guards === true,
      covered: options.coverage === false ? undefined : this.#counter.covered,
      mayGoOn: pilot && ((world) => pilot.mayGoOn(world, configuration, plan.schedule)),
    });
    this.#injector = new Injector(this.#world, plan.schedule);
    this.#world.start();
    const views = this.#goesOn ? this.#world.actors.map((_, index) => this.#world.view(index)) : [];
    this.#judge = new Judge(
      views,
      configuration.properties,
      (violation) => this.#violated(violation),
      options.onReached,
    );
    if (this.#goesOn) this.#judge.check();
  }

  /** The phase in which everything may go wrong, and nothing that is promised always may break. */
  underFaults(): void {
    if (this.#goesOn) this.#world.run(micros(this.#plan.seconds * 1_000));
  }

  /** The phase in which nothing goes wrong any more, and what is promised must come. */
  healed(): void {
    if (!this.#goesOn) return;
    const { progress } = this.#plan.configuration;
    this.#injector.heal();
    if (!this.#goesOn) return;
    this.#operationsBefore = this.#history.returned;
    const healed = [...this.#judge.views];
    const operations = () => this.#history.returned - this.#operationsBefore;
    this.#judge.aimAt({
      name: progress?.about ?? 'progress',
      reached: (now) => progress?.holds(now, healed, operations()) ?? true,
    });
    const end = this.#world.now + micros(progress?.withinMs ?? HEALED_MS);
    this.#isHealed = true;
    while (this.#goesOn && this.#world.now < end && !this.#allCame()) {
      this.#world.run(Math.min(end, this.#world.now + micros(GLANCE_MS)));
    }
    if (!this.#goesOn) return;
    const within = `within ${millis(end) - this.#plan.seconds * 1_000} ms of the healing of all faults`;
    if (progress && !this.#judge.aimReached) {
      this.#violated({
        property: progress.about,
        kind: 'progress',
        message: `${progress.about}: this did not come true ${within}.`,
      });
    }
    for (const { name, source } of this.#judge.missing()) {
      this.#violated({
        property: name,
        kind: 'eventually',
        message: `${name} (${source}) did not come true ${within}.`,
      });
    }
  }

  /** What the clients saw is judged at the end: it costs as much as much of the run. */
  judgeHistory(): void {
    const { object } = this.#plan.configuration;
    if (!object || !this.#goesOn) return;
    const verdict = judgeLinearizable(object, this.#history.events, BOUNDS);
    this.#historyJudged = verdict.verdict !== 'unknown';
    if (verdict.verdict !== 'no') return;
    const { message, part } = verdict;
    this.#violated({ property: 'Linearizability', kind: 'history', message, drawing: drawHistory(part) });
  }

  result(started: number): SimulationResult {
    const { seed, nodes, clients, schedule } = this.#plan;
    const { steps, events, now, network } = this.#world;
    const { invoked, returned, failed } = this.#history;
    return {
      seed,
      nodes,
      clients,
      schedule,
      steps,
      events,
      messages: network.sent.reduce((sum, each) => sum + each, 0),
      simulatedSeconds: now / 1e6,
      wallSeconds: (performance.now() - started) / 1_000,
      violations: this.#violations,
      historyJudged: this.#historyJudged,
      coverage: {
        transitions: this.#counter.transitions,
        sometimes: this.#judge.sometimes,
        operations: { invoked, returned, failed },
      },
      ...(this.#trace ? { trace: this.#trace } : {}),
    };
  }

  get #goesOn(): boolean {
    return !this.#world.over;
  }

  #allCame(): boolean {
    return this.#judge.aimReached && this.#judge.missing().length === 0;
  }

  #observer(): ConstructorParameters<typeof World>[2] {
    return {
      changed: (actor, view, stepped) => this.#judge.update(actor, view, stepped),
      emitted: (actor, event) => {
        this.#onEmit?.(actor, event, millis(this.#world.now));
        if (this.#history.add(actor, event, this.#world.now) && this.#isHealed) this.#judge.askForAim();
      },
      failed: (part, error) => {
        const reason = error instanceof AssertionError ? error.message : describeError(error);
        this.#violated({
          property: reason,
          kind: 'assertion',
          message: `The machine of ${part} threw: ${reason}`,
          part,
        });
      },
      fault: (happening) => this.#injector.happen(happening),
    };
  }

  #violated(violation: Omit<Violation, 'atMs'>): void {
    const { now, nodes } = this.#world;
    const node = nodes.find(({ name }) => violation.part?.endsWith(`@${name}`)) ?? nodes[0];
    this.#world.note(node?.name ?? '', 'VIOLATION', violation.message);
    this.#violations.push({ ...violation, atMs: millis(now) });
    this.#world.over = true;
  }
}
