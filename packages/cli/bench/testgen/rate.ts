/** A search is sampled for so long, but so often at least; a sample repeats what is over in less than this. */
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
  const begun = performance.now();
  let fastest = sample(search);
  for (let times = 1; times < OFTEN_ENOUGH || performance.now() - begun < LONG_ENOUGH_MS; times++) {
    const next = sample(search);
    if (next.statesPerSecond > fastest.statesPerSecond) fastest = next;
  }
  return fastest;
}

function sample(search: () => number): Rate {
  const begun = performance.now();
  const from = process.cpuUsage();
  let states = 0;
  let all = 0;
  do {
    states = search();
    all += states;
  } while (performance.now() - begun < SAMPLE_MS);
  const { user, system } = process.cpuUsage(from);
  return { states, statesPerSecond: (all / (user + system)) * 1_000_000 };
}
