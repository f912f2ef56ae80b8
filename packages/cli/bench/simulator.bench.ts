import { specification } from '@synod/machines/raft';
import type { SimulationConfiguration, Specification } from '@synod/protocol';
import { parseFaults, type SimulateOptions, simulate } from '@synod/simulator';
import { argumentsOf, JSON_OPTION } from './arguments.ts';

// How much simulated time a second of wall time holds: a Raft cluster of five under load. Run: pnpm run bench simulator [--json]

const SECONDS = 300;
const ROUNDS = 3;

interface Row {
  readonly what: string;
  readonly simulatedPerSecond: number;
  readonly stepsPerSecond: number;
  readonly operationsPerSimulatedSecond: number;
  /** The heap after the run, in MB, with all that it kept. */
  readonly heapMb: number;
}

type Change = (configuration: SimulationConfiguration) => SimulationConfiguration;

/** The specification with other configurations. */
const changed = (given: Specification, change: Change): Specification => ({
  ...given,
  simulations: given.simulations.map((simulation) => ({
    ...simulation,
    configure: (size) => change(simulation.configure(size)),
  })),
});

/** Without what is promised: what the judging costs. */
const unjudged = (given: Specification): Specification =>
  changed(given, ({ object: _, ...configuration }) => ({ ...configuration, properties: [] }));

/** With the timing of `synod run kv`, and clients that ask about once a second each. */
const deployed = changed(specification, (configuration) => ({
  ...configuration,
  members: configuration.members.map((member) => ({
    ...member,
    input: {
      ...member.input,
      ...(member.role === 'server'
        ? { electionTimeoutMs: [500, 1_000], heartbeatIntervalMs: 100 }
        : { thinkMs: 2_000, patienceMs: 1_500 }),
    },
  })),
}));

/** The median of several runs of one kind. */
function measure(what: string, options: SimulateOptions, of: Specification = specification): Row {
  const rows = Array.from({ length: ROUNDS }, (_, round): Row => {
    const result = simulate(of, { seed: round + 1, seconds: SECONDS, ...options });
    const { violations, wallSeconds, simulatedSeconds, steps, coverage } = result;
    if (violations[0]) throw new Error(`${what}: ${violations[0].message}`);
    return {
      what,
      simulatedPerSecond: simulatedSeconds / wallSeconds,
      stepsPerSecond: steps / wallSeconds,
      operationsPerSimulatedSecond: coverage.operations.returned / simulatedSeconds,
      heapMb: process.memoryUsage().heapUsed / 1e6,
    };
  });
  return rows.sort((a, b) => a.simulatedPerSecond - b.simulatedPerSecond)[ROUNDS >> 1] as Row;
}

const { json } = argumentsOf({
  name: 'simulator',
  about: 'How much simulated time a second of wall time holds: a Raft cluster of five under load.',
  options: { json: JSON_OPTION },
});
const calm = { faults: [] };
const rows = [
  measure('no faults', calm),
  measure('all faults', { faults: parseFaults('all') }),
  measure('no faults, nothing judged', calm, unjudged(specification)),
  measure('as deployed, no faults', calm, deployed),
  measure('as deployed, all faults', { faults: parseFaults('all') }, deployed),
  measure('as deployed, no faults, nothing judged', calm, unjudged(deployed)),
  measure('no faults, no coverage', { ...calm, coverage: false }),
  measure('no faults, with a trace', { ...calm, trace: () => {} }),
];

if (json) process.stdout.write(`${JSON.stringify({ seconds: SECONDS, rows })}\n`);
else {
  process.stdout.write(
    `${'Raft, 5 nodes, 3 clients'.padEnd(42)}${'simulated s/s'.padStart(14)}${'steps/s'.padStart(12)}${'op/sim. s'.padStart(11)}${'heap MB'.padStart(9)}\n`,
  );
  for (const { what, simulatedPerSecond, stepsPerSecond, operationsPerSimulatedSecond, heapMb } of rows) {
    process.stdout.write(
      `${what.padEnd(42)}${simulatedPerSecond.toFixed(0).padStart(14)}${stepsPerSecond.toFixed(0).padStart(12)}${operationsPerSimulatedSecond.toFixed(1).padStart(11)}${heapMb.toFixed(0).padStart(9)}\n`,
    );
  }
}
