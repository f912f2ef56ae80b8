import { encodeRecording, recordingHeader } from '@synod/protocol';
import {
  encodeReplay,
  loadSpecification,
  recordReplay,
  type ShrinkSize,
  type SimulateOptions,
  type SimulationResult,
  type SpecificationReference,
  shrink,
  simulate,
} from '@synod/simulator';
import { TraceFile } from './trace-file.ts';

/** One run, and what is to be made of it: data only, since it goes to another thread. */
export interface SimTask {
  readonly reference: SpecificationReference;
  readonly options: Omit<SimulateOptions, 'trace'>;
  /** Where its whole trace goes. */
  readonly traceFile?: string;
  readonly shrink: boolean;
  /** When a replay file is wanted. */
  readonly replay: 'never' | 'violation' | 'always';
  /** Facts for the trace's header. */
  readonly about: Readonly<Record<string, unknown>>;
}

/** What becomes of it, in this order. */
export type SimNews =
  | { readonly type: 'result'; readonly result: SimulationResult }
  | { readonly type: 'shrinking'; readonly size: ShrinkSize }
  | { readonly type: 'replay'; readonly text: string; readonly before?: ShrinkSize; readonly after?: ShrinkSize }
  | { readonly type: 'refused'; readonly code: string; readonly message: string };

/** What the faults of a simulation leave of what a network promises; a validator judges by the rest. */
const UNRELIABLE = { fifo: false, once: false, prompt: false, byReference: true };

/** Runs a task, and tells what becomes of it. */
export async function runTask(task: SimTask, tell: (news: SimNews) => void): Promise<void> {
  const { reference, options, traceFile } = task;
  const specification = await loadSpecification(reference);
  const file = traceFile === undefined ? undefined : new TraceFile(traceFile);
  file?.add(JSON.stringify(recordingHeader({ ...task.about, transport: UNRELIABLE })));
  const result = simulate(specification, {
    ...options,
    ...(file && { guards: true, trace: (record) => file.add(encodeRecording(record)) }),
  });
  file?.close();
  tell({ type: 'result', result });
  const failed = result.violations.length > 0;
  if (task.replay === 'never' || (task.replay === 'violation' && !failed)) return;
  // The very schedule, and not the faults that it was drawn from.
  const { faults: _, ...rest } = options;
  const exact = { ...rest, schedule: result.schedule };
  const smaller =
    failed && task.shrink
      ? shrink(specification, exact, { onProgress: (size) => tell({ type: 'shrinking', size }) })
      : undefined;
  const text = encodeReplay(recordReplay(specification, smaller?.options ?? exact));
  tell({ type: 'replay', text, ...(smaller && { before: smaller.before, after: smaller.after }) });
}
