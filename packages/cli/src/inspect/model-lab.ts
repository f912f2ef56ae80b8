import { ModelBrowser, type ModelRun } from '@synod/checker';
import type { GoOn, Lab, LabGraph, LabMoment, LabRun } from '@synod/inspector';
import { type CheckConfiguration, type Roles, SynodError } from '@synod/protocol';
import type { PropertyVerdict } from '../files/counterexample-file.ts';
import { endsOf, stepSpans } from './spans.ts';
import { unsearched, verdictsOfRun } from './told-run.ts';

/** Steps of a random walk, where nothing is said. */
const USUAL_WALK = 20;

interface Walked extends LabRun {
  readonly model: ModelRun;
  /** After how many records the start and each step ends. */
  readonly ends: readonly number[];
}

/** A model, to be walked through by hand. */
export class ModelLab implements Lab<Walked> {
  readonly title: string;
  readonly goesOn = 'at random';
  readonly untilMs = false;
  readonly first: Walked;
  readonly #browser: ModelBrowser;
  readonly #said: readonly PropertyVerdict[] | undefined;

  /**
   * `steps`: the run to begin with, in the words of its steps; default: nothing has happened. `said`: what a search came to.
   * @throws SynodError `MODEL_INVALID`; `RUN_NOT_REPEATABLE` where the model has no such run.
   */
  constructor(
    title: string,
    {
      configuration,
      roles,
      said,
    }: {
      readonly configuration: CheckConfiguration;
      readonly roles: Roles;
      readonly said?: readonly PropertyVerdict[];
    },
    steps: readonly Step[] = [],
  ) {
    this.title = title;
    this.#browser = new ModelBrowser(configuration, roles);
    this.#said = said;
    const text = steps.length > 0 ? 'the run as it was found' : 'the beginning';
    this.first = this.#walked(follow(this.#browser, steps), 0, text);
  }

  async choices(run: Walked, at: number): Promise<LabMoment> {
    const steps = stepsOf(run, at);
    const { choices, ended } = this.#browser.choices(run.model, steps);
    const state = this.#browser.stateOf(run.model, steps);
    return {
      records: run.ends[steps] ?? 0,
      choices: choices.map(({ id, action, node, text }) => ({ id, kind: action, node, text })),
      ...(ended !== undefined && { ended }),
      ...(state !== undefined && { state }),
    };
  }

  async take(run: Walked, at: number, choice: string): Promise<Walked> {
    const steps = stepsOf(run, at);
    return this.#walked(this.#browser.take(run.model, steps, choice), run.ends[steps] ?? 0);
  }

  async goOn(run: Walked, at: number, { steps: count = USUAL_WALK, seed = 1 }: GoOn): Promise<Walked> {
    const steps = stepsOf(run, at);
    const walked = this.#browser.walk(run.model, steps, { count, seed });
    return this.#walked(walked, run.ends[steps] ?? 0, `at random, seed ${seed}`);
  }

  async graph(limit: number): Promise<LabGraph> {
    return this.#browser.graph(limit);
  }

  async visit(state: number): Promise<Walked> {
    return this.#walked(this.#browser.visit(state), 0, `a shortest run to state ${state}`);
  }

  async counterexample(): Promise<Walked> {
    const found = this.#browser.counterexample();
    if (found) return this.#walked(found.run, 0, `a counterexample to ${found.property || 'an assertion'}`);
    throw new SynodError(
      'NO_COUNTEREXAMPLE',
      'No run was found that breaks a property of the kinds always and step; synod check searches further, and for eventually.',
    );
  }

  #walked(model: ModelRun, shared: number, text?: string): Walked {
    const told = this.#browser.tell(model);
    const { steps, trace, tracks } = told;
    const verdicts = verdictsOfRun(told, this.#said ?? unsearched(tracks));
    const wrong = verdicts.properties.find(({ at, verdict }) => at && verdict === 'violated');
    return {
      model,
      records: trace,
      shared,
      ends: endsOf(stepSpans(trace, steps.length), trace.length),
      text: text ?? steps.at(-1)?.text ?? 'nothing has happened',
      ...(wrong && { verdict: `${wrong.name} is violated.` }),
      verdicts,
    };
  }
}

type Step = Pick<ReturnType<ModelBrowser['tell']>['steps'][number], 'action' | 'text'>;

/** The last step that is over after so many records. */
const stepsOf = ({ ends }: Walked, at: number): number =>
  Math.max(
    0,
    ends.findLastIndex((end) => end <= at),
  );

function follow(browser: ModelBrowser, steps: readonly Step[]): ModelRun {
  return steps.reduce((run, { action, text }, index) => {
    const next = browser.choices(run, index).choices.find((each) => each.action === action && each.text === text);
    if (next) return browser.take(run, index, next.id);
    throw new SynodError(
      'RUN_NOT_REPEATABLE',
      `The model has no step ${index + 1} of this run ("${text}") any more; find the run again with synod check.`,
    );
  }, browser.start);
}
