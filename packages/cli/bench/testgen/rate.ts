/** A search is sampled for so long, in processor time, but so often at least; a sample repeats what is over in less than this. */
const LONG_ENOUGH_MS = 2_000;
const OFTEN_ENOUGH = 3;
const SAMPLE_MS = 50;

/** Distinct states of a machine, and how many of them a search comes to in a second of processor time. */
interface Rate {
  readonly states: number;
  readonly statesPerSecond: number;
}

/**
 * Measures a search, which answers how many states there are. It is the processor's time, and of several samples the fastest, that count: what
 * else the computer does, and a program that is not yet warm, only make a search slower. What is made once for a machine is made before.
 */
export function rateOf(search: () => number): Rate {
  const begun = processorMs();
  let fastest = sample(search);
  for (let times = 1; times < OFTEN_ENOUGH || processorMs() - begun < LONG_ENOUGH_MS; times++) {
    const next = sample(search);
    if (next.statesPerSecond > fastest.statesPerSecond) fastest = next;
  }
  return fastest;
}

function sample(search: () => number): Rate {
  const begun = processorMs();
  let states = 0;
  let all = 0;
  let passed = 0;
  do {
    states = search();
    all += states;
    passed = processorMs() - begun;
  } while (passed < SAMPLE_MS);
  return { states, statesPerSecond: (all / passed) * 1_000 };
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
