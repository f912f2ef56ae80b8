import { SingleBar } from 'cli-progress';
import { type Output, paint } from './output.ts';

/** How often a line tells of the progress where there is no terminal for a bar, in milliseconds. */
const LINE_MS = 5_000;
const FIRST_LINE_MS = 1_000;

/** Tells a person how far something is. */
export interface Progress {
  /** `about` stands beside the bar. */
  update(done: number, about: string): void;
  stop(): void;
}

/** A bar on a terminal's error stream; a line now and then where that is none; nothing with `--json`. */
export function progressOf(output: Output, of: number, what: string): Progress {
  if (output.isJson) return { update: () => {}, stop: () => {} };
  if (process.stderr.isTTY) {
    const format = `{bar} {percentage}% · {value} of {total} ${what} · {about}`;
    const bar = new SingleBar({
      format,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 24,
      fps: 5,
    });
    bar.start(of, 0, { about: '' });
    return { update: (done, about) => bar.update(done, { about }), stop: () => bar.stop() };
  }
  let next = performance.now() + FIRST_LINE_MS;
  return {
    update: (done, about) => {
      if (performance.now() < next) return;
      next = performance.now() + LINE_MS;
      output.remark(`${done} of ${of} ${what} · ${about}`);
    },
    stop: () => {},
  };
}

/** One line that tells where something stands, and changes in place on a terminal; without one, a line now and then. */
export interface Status {
  update(text: string): void;
  stop(): void;
}

export function statusOf(output: Output): Status {
  if (!process.stderr.isTTY || output.isJson) {
    let next = performance.now();
    return {
      update: (text) => {
        if (performance.now() < next) return;
        next = performance.now() + LINE_MS;
        output.remark(paint('dim', text));
      },
      stop: () => {},
    };
  }
  let shown = false;
  const clear = () => {
    if (shown) process.stderr.write('\r\x1b[K');
    shown = false;
  };
  return {
    update: (text) => {
      clear();
      // A line that wraps could not be cleared.
      process.stderr.write(paint('dim', text.slice(0, (process.stderr.columns ?? 80) - 1)));
      shown = true;
    },
    stop: clear,
  };
}
