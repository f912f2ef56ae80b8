import { existsSync } from 'node:fs';
import type { GoOn, Lab, LabMoment, LabRun } from '@synod/inspector';
import { type Specification, SynodError, type TraceRecord } from '@synod/protocol';
import {
  type Deviation,
  encodeReplay,
  type Halt,
  type Held,
  NEXT,
  optionsOfReplay,
  type ReplayFile,
  recordReplay,
  type SimulateOptions,
  type SimulationChoice,
  simulateUntil,
  simulationOf,
  turnAt,
} from '@synod/simulator';
import { writeText } from '../files/files.ts';
import { verdictsOfSimulation } from './simulated-run.ts';

interface Simulated extends LabRun {
  readonly deviations: readonly Deviation[];
  readonly marks: Held['marks'];
  /** What may come next at its end; absent of a run that is over. */
  readonly choices?: readonly SimulationChoice[];
}

/** A run of the simulator, to be forked: other choices, and from there on its own rules. */
export class SimulationLab implements Lab<Simulated> {
  readonly title: string;
  readonly goesOn = 'by itself';
  readonly untilMs = true;
  readonly first: Simulated;
  readonly #specification: Specification;
  readonly #options: SimulateOptions;
  readonly #file: ReplayFile;

  /** @throws SynodError as `simulate`. */
  constructor(specification: Specification, file: ReplayFile) {
    const { protocol, simulation, seed, mutant, deviations = [] } = file;
    this.title = `${protocol}, simulation ${simulation}${mutant === undefined ? '' : `, mutant ${mutant}`}, seed ${seed}`;
    this.#specification = specification;
    this.#file = file;
    this.#options = { ...optionsOfReplay(file), coverage: false, guards: true };
    this.first = this.#simulated(deviations, {}, { shared: 0, text: 'the run as it was saved', before: [] });
  }

  async choices(run: Simulated, at: number): Promise<LabMoment> {
    if (at >= run.records.length) {
      const { records, choices = [] } = run;
      const ended = run.choices ? undefined : (run.verdict ?? 'The run has come to its end.');
      return { records: records.length, choices: choices.map(toLab), ...(ended !== undefined && { ended }) };
    }
    const turn = turnAt(run.marks, at);
    const { choices = [] } = this.#hold(before(run.deviations, turn), { turn });
    return { records: run.marks[turn] ?? 0, choices: choices.map(toLab) };
  }

  async take(run: Simulated, at: number, choice: string): Promise<Simulated> {
    if (choice === NEXT) return this.goOn(run, at, { steps: 1 });
    const turn = turnOf(run, at);
    const told = (await this.choices(run, at)).choices.find(({ id }) => id === choice);
    const deviations = [...before(run.deviations, turn), { after: turn, choice }];
    const shared = run.marks[turn] ?? 0;
    return this.#simulated(deviations, { turn: turn + 1 }, { shared, text: told?.text ?? choice, before: run.records });
  }

  async goOn(run: Simulated, at: number, { steps, untilMs }: GoOn): Promise<Simulated> {
    const turn = turnOf(run, at);
    const halt = {
      ...(steps !== undefined && { turn: turn + steps }),
      ...(untilMs !== undefined && { atMs: untilMs }),
    };
    const deviations = before(run.deviations, turn);
    const shared = run.marks[turn] ?? 0;
    const text = deviations.length > 0 ? run.text : 'by itself';
    return this.#simulated(deviations, halt, { shared, text, before: run.records });
  }

  /** The whole run with these choices, as a replay file: also what comes after the place at which it is held. */
  async save({ deviations }: Simulated): Promise<string> {
    const { protocol, seed } = this.#file;
    const path = freePath(`synod-${protocol}-${seed}-fork`, '.json');
    writeText(path, encodeReplay(recordReplay(this.#specification, { ...this.#options, deviations })));
    return `Saved ${path}: the run with these choices, to its end. See it: synod replay ${path}`;
  }

  #hold(deviations: readonly Deviation[], halt: Halt): Held {
    return simulateUntil(this.#specification, { ...this.#options, deviations }, halt);
  }

  /** `before`: the records of the run that it goes on from, of which the first `shared` are its own. */
  #simulated(
    deviations: readonly Deviation[],
    halt: Halt,
    { shared, text, before }: Pick<Simulated, 'shared' | 'text'> & { readonly before: readonly TraceRecord[] },
  ): Simulated {
    const held = this.#hold(deviations, halt);
    const { simulation, nodes, clients } = this.#file;
    const configuration = simulationOf(this.#specification, simulation).configure({ nodes, clients });
    const { result, marks, choices } = held;
    const [violation] = result.violations;
    return {
      records: [...before.slice(0, shared), ...(result.trace ?? []).slice(shared)],
      shared,
      text,
      deviations,
      marks,
      ...(choices && { choices }),
      ...(violation && { verdict: violation.message }),
      verdicts: verdictsOfSimulation(configuration, held),
    };
  }
}

/** @throws SynodError `RUN_OVER`. */
function turnOf({ records, marks, choices }: Simulated, at: number): number {
  if (at < records.length) return turnAt(marks, at);
  if (choices) return marks.length - 1;
  throw new SynodError('RUN_OVER', 'The run is over here, and nothing follows; go back to an earlier place of it.');
}

const before = (deviations: readonly Deviation[], turn: number): readonly Deviation[] =>
  deviations.filter(({ after }) => after < turn);

/** A path in the current directory that is not taken: with a number where it has to be. */
function freePath(name: string, ending: string): string {
  for (let number = 1; ; number++) {
    const path = `${name}${number === 1 ? '' : `-${number}`}${ending}`;
    if (!existsSync(path)) return path;
  }
}

const toLab = ({ id, kind, node, text, detail }: SimulationChoice) => ({
  id,
  kind,
  node,
  text,
  ...(detail !== undefined && { detail }),
  ...(id === NEXT && { own: true }),
});
