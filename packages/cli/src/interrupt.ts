/** The status of a process that a second Ctrl-C ends. */
const FORCED = 130;

/** npm and terminals may both deliver one Ctrl-C: only one that comes this long after the first is a second. */
const SECOND_SIGNAL_MS = 1_000;

/** Runs work that the first Ctrl-C asks to come to an end; the second ends the process. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let at: number | undefined;
  const heed = () => {
    if (at !== undefined && performance.now() - at > SECOND_SIGNAL_MS) process.exit(FORCED);
    at ??= performance.now();
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, heed);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, heed);
  }
}
