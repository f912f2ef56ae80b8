import { drawChart } from '@synod/inspector/chart';
import { chartOf } from '@synod/protocol';
import { createMachine } from 'xstate';

const PHASES = 8;
const STEPS = 6;

/** A machine as large as an app has them: phases with steps, of which each may fail, be taken back or time out; sixty states. */
const machine = createMachine({
  id: 'sixty',
  initial: 'phase0',
  states: Object.fromEntries([
    ...Array.from({ length: PHASES }, (_, phase) => [`phase${phase}`, phaseOf(phase)]),
    ...['cancelled', 'refused', 'paused', 'over'].map((key) => [key, { on: { Again: 'phase0', Skip: 'phase3' } }]),
  ]),
});

function phaseOf(phase: number) {
  const steps = Array.from({ length: STEPS }, (_, step) => [
    `step${step}`,
    {
      entry: 'show',
      on: { Go: { target: `step${(step + 1) % STEPS}`, guard: 'isValid' }, Back: `step${Math.max(0, step - 1)}` },
      after: { patience: { target: `step${step}`, reenter: true, actions: 'remind' } },
    },
  ]);
  const on = { Cancel: 'cancelled', Next: { guard: 'mayPass', target: `phase${(phase + 1) % PHASES}` } };
  return { initial: 'step0', on, states: Object.fromEntries(steps) };
}

export interface LayoutResult {
  readonly states: number;
  /** What the first drawing took, in which ELK is loaded and compiled; and the median of those after it. In milliseconds. */
  readonly firstMs: number;
  readonly thenMs: number;
}

/** Draws a large chart, again and again. Of a process of its own. */
export async function layout(): Promise<LayoutResult> {
  const chart = chartOf(machine);
  const times: number[] = [];
  for (let round = 0; round < 6; round++) {
    const from = performance.now();
    await drawChart(chart, { detail: 'full' });
    times.push(performance.now() - from);
  }
  const [firstMs = 0, ...others] = times;
  const states = PHASES * (STEPS + 1) + 4;
  return { states, firstMs, thenMs: others.sort((a, b) => a - b)[Math.floor(others.length / 2)] ?? 0 };
}
