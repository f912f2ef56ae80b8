import type { Lab, Recording } from '@synod/inspector';
import { type Model, type Specification, SynodError, type TraceRecord, withMutant } from '@synod/protocol';
import type { ReplayFile } from '@synod/simulator';
import { type FaultOptions, faultArguments, withFaults } from '../check/faults.ts';
import type { CounterexampleFile } from '../files/counterexample-file.ts';
import { usage } from '../options.ts';
import { modelOf } from '../specifications.ts';
import { ModelLab } from './model-lab.ts';
import { SimulationLab } from './simulation-lab.ts';

/** What the inspector shows, and may go on from. */
export interface Shown {
  readonly recording: Recording;
  readonly lab?: Lab;
}

/** Which model is to be walked through. */
export interface ModelChoice extends FaultOptions {
  readonly model?: string;
  readonly nodes?: number;
  readonly mutant?: string;
}

/**
 * A lab that begins with the run of a replay file.
 * @throws SynodError `RUN_NOT_REPEATABLE`, and what `simulate` throws.
 */
export function labOfReplay(specification: Specification, file: ReplayFile): SimulationLab {
  const lab = new SimulationLab(specification, file);
  const { records } = lab.first;
  const different = file.trace.findIndex((record, index) => gist(record) !== gist(records[index]));
  if (different < 0 && file.trace.length === records.length) return lab;
  const index = different < 0 ? file.trace.length : different;
  throw new SynodError(
    'RUN_NOT_REPEATABLE',
    `It does not repeat: record ${index + 1} is another one by now; see synod replay for the difference.`,
  );
}

/** What happens in a record, without the data, which may be very much: who shows a run again shows the data that it has by now. */
const gist = (record: TraceRecord | undefined): string =>
  JSON.stringify(record, (key, value: unknown) => {
    if (key === '' || key === 'clock' || key === 'state') return value;
    return typeof value === 'object' && value !== null ? (value as { readonly type?: unknown }).type : value;
  });

/**
 * A lab of the model of a counterexample, beginning with its run.
 * @throws SynodError `RUN_NOT_REPEATABLE`, `USAGE` where there is no such model any more, and what the checker throws.
 */
export function labOfCounterexample(specification: Specification, file: CounterexampleFile): ModelLab {
  const { model: name, nodes, mutant, faults, steps, verdicts } = file;
  const model = modelOf(specification, name);
  const { roles, configuration } = modelWith(specification, model, { nodes, ...faults, ...(mutant && { mutant }) });
  const title = titleOf(specification, model, nodes, { ...faults, ...(mutant && { mutant }) });
  return new ModelLab(title, { configuration, roles, ...(verdicts && { said: verdicts }) }, steps);
}

/**
 * A lab of a model, from its first world on.
 * @throws SynodError `USAGE`, and what the checker throws.
 */
export function labOfModel(specification: Specification, choice: ModelChoice): Shown {
  const model = modelOf(specification, choice.model, choice.partition);
  const { default: usual, min, max } = model.nodes;
  const { nodes = usual, mutant } = choice;
  if (nodes < min || nodes > max) throw usage(`Model "${model.name}" takes ${min} to ${max} nodes, not ${nodes}.`);
  const lab = new ModelLab(
    titleOf(specification, model, nodes, choice),
    modelWith(specification, model, { ...choice, nodes }),
  );
  const about = { protocol: specification.name, model: model.name, ...(mutant !== undefined && { mutant }), nodes };
  const { records, verdicts } = lab.first;
  return { lab, recording: { records, about, unit: 'step', ...(verdicts && { verdicts }) } };
}

function modelWith(
  specification: Specification,
  model: Model,
  { nodes = model.nodes.default, mutant, ...faults }: ModelChoice,
) {
  const found = specification.mutants.find(({ name }) => name === mutant);
  if (mutant !== undefined && !found)
    throw usage(
      `${specification.name} has no mutant "${mutant}"; choose one of ${specification.mutants.map(({ name }) => name).join(', ') || '(it has none)'}.`,
    );
  const { roles } = found ? withMutant(specification, found) : specification;
  return { roles, configuration: withFaults(model.configure(nodes), faults) };
}

function titleOf({ title }: Specification, model: Model, nodes: number, { mutant, ...faults }: ModelChoice): string {
  const mistake = mutant === undefined ? '' : `, mutant ${mutant}`;
  const budgets = faultArguments(faults);
  const given = budgets.length > 0 ? `, ${budgets.join(' ')}` : '';
  return `${title}, model ${model.name}${mistake}, ${nodes} nodes${given}`;
}
