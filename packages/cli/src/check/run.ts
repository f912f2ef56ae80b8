import { relative } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import type { CheckResult, PropertyResult } from '@synod/checker';
import type { Model, Specification } from '@synod/protocol';
import { type About, counterexampleFile, encodeCounterexample } from '../files/counterexample-file.ts';
import { writeText } from '../files/files.ts';
import { interruptible } from '../interrupt.ts';
import { usage } from '../options.ts';
import { EXIT, type Output } from '../output.ts';
import { statusOf } from '../progress.ts';
import { describeCounterexample } from './counterexample.ts';
import { describe, describeProgress } from './describe.ts';
import { type FaultOptions, faultArguments, faultsIn, withFaults } from './faults.ts';

export interface CheckCommandOptions extends FaultOptions {
  readonly model?: string;
  readonly nodes?: number;
  readonly mutant?: string;
  readonly search: 'breadth' | 'depth' | 'walk';
  readonly seed?: number;
  readonly exact?: boolean;
  readonly memo: boolean;
  readonly symmetry: boolean;
  readonly reduction: boolean;
  readonly maxDepth?: number;
  readonly maxStates?: number;
  readonly maxSeconds?: number;
  readonly maxMemory: number;
  readonly first?: boolean;
  readonly trace: boolean;
  readonly save?: string;
  readonly property?: string;
  readonly json?: boolean;
}

/** Checks a model. Returns the exit status. */
export async function runCheck(
  specification: Specification,
  model: Model,
  options: CheckCommandOptions,
  output: Output,
): Promise<number> {
  const { checkAsync } = await import('@synod/checker');
  const { default: fallback, min, max } = model.nodes;
  const nodes = options.nodes ?? fallback;
  if (nodes < min || nodes > max) throw usage(`Model "${model.name}" takes ${min} to ${max} nodes, not ${nodes}.`);
  const configuration = withFaults(model.configure(nodes), options);
  const { property, save } = options;
  const faults = faultsIn(options);
  if (property !== undefined && !configuration.properties.some(({ name }) => name === property))
    throw usage(
      `Model "${model.name}" has no property "${property}"; choose one of ${configuration.properties.map(({ name }) => `"${name}"`).join(', ')}.`,
    );
  const about: About = {
    protocol: specification.name,
    model: model.name,
    nodes,
    ...(options.mutant !== undefined && { mutant: options.mutant }),
    ...(Object.keys(faults).length > 0 && { faults }),
    command: commandOf(specification, model, nodes, options),
  };
  const result = await interruptible(async (interrupted) => {
    output.remark(`${specification.title}, model ${model.name}, ${nodes} nodes: ${model.about}`);
    const heap = new AbortController();
    const status = statusOf(output);
    const result = await checkAsync(configuration, specification.roles, {
      ...searchOptions(options),
      signal: AbortSignal.any([interrupted, heap.signal]),
      onProgress: (progress) => {
        status.update(describeProgress(progress));
        if (isHeapFull()) heap.abort();
      },
    }).finally(status.stop);
    return heap.signal.aborted ? { ...result, stopped: 'memory' as const } : result;
  });
  const shown = runsOf(result, property);
  const { command: _, faults: __, ...facts } = about;
  const text = [
    describe(result),
    ...(options.trace ? shown.flatMap((each) => ['', describeCounterexample(each)]) : []),
  ];
  output.result(text.join('\n'), { ...facts, ...(options.trace ? result : withoutTraces(result)) });
  if (save !== undefined) saveRun(save, about, shown[0], result.properties, output);
  return exitCode(result);
}

/** The part of the heap that a search may fill: beyond it Node.js ends the process, and nothing would be known. */
const HEAP_PART = 0.85;

/** The search's own tables are not all that grows: new actor states are objects. */
function isHeapFull(): boolean {
  const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
  return used > most * HEAP_PART;
}

function searchOptions(options: CheckCommandOptions) {
  const { maxDepth, maxStates, maxSeconds, seed } = options;
  return {
    order: options.search,
    exact: options.exact ?? false,
    symmetry: options.symmetry,
    // What a sound machine ignores for good, a mistaken one may not.
    reduction: options.reduction && options.mutant === undefined,
    ...(options.memo ? {} : { memo: 0 }),
    ...(seed !== undefined && { seed }),
    ...(maxDepth !== undefined && { maxDepth }),
    ...(maxStates !== undefined && { maxStates }),
    ...(maxSeconds !== undefined && { maxSeconds }),
    maxMemoryMb: options.maxMemory,
    stopAtFirst: options.first ?? false,
  };
}

/** What finds the same again. */
function commandOf({ name }: Specification, model: Model, nodes: number, options: CheckCommandOptions): string {
  const { mutant, search, seed } = options;
  return [
    'synod check',
    name,
    ...['--model', model.name, '--nodes', `${nodes}`],
    ...(mutant === undefined ? [] : ['--mutant', mutant]),
    ...faultArguments(options),
    ...(search === 'breadth' ? [] : ['--search', search]),
    ...(seed === undefined ? [] : ['--seed', `${seed}`]),
    ...(options.symmetry ? [] : ['--no-symmetry']),
    ...(options.reduction ? [] : ['--no-reduction']),
  ].join(' ');
}

/** The runs to show: of the property that was asked for, else of all that are violated. */
const runsOf = ({ properties }: CheckResult, property: string | undefined): readonly PropertyResult[] =>
  properties.filter(
    ({ name, verdict, trace }) => trace && (property === undefined ? verdict === 'violated' : name === property),
  );

function saveRun(
  path: string,
  about: About,
  result: PropertyResult | undefined,
  all: readonly PropertyResult[],
  output: Output,
): void {
  const file = result && counterexampleFile(about, result, all);
  if (!file) return output.remark('There is no run to save.');
  writeText(path, encodeCounterexample(file));
  const shown = relative('', path) || path;
  output.remark(`Saved ${shown}. See it: synod replay ${shown} (--inspect for the inspector)`);
}

export function exitCode({ properties, complete }: CheckResult): number {
  if (properties.some(({ verdict }) => verdict === 'violated')) return EXIT.failed;
  return complete && properties.every(({ verdict }) => verdict === 'holds') ? EXIT.ok : EXIT.unknown;
}

const withoutTraces = (result: CheckResult) => ({
  ...result,
  properties: result.properties.map(({ trace: _, ...property }) => property),
});
