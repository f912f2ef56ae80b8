import { closeSync, openSync, writeSync } from 'node:fs';
import { unwritable } from '../files/files.ts';

/** Characters that are gathered before they are written. */
const CHUNK = 256 * 1024;

/** A trace on its way to a file, a record a line. It is written as it comes: a long run's does not fit into memory. */
export class TraceFile {
  readonly #path: string;
  readonly #file: number;
  #lines: string[] = [];
  #size = 0;

  /** @throws SynodError `FILE_UNWRITABLE`. */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, 'w');
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  add(line: string): void {
    this.#lines.push(line, '\n');
    this.#size += line.length;
    if (this.#size > CHUNK) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    try {
      writeSync(this.#file, this.#lines.join(''));
    } catch (cause) {
      throw unwritable(this.#path, cause);
    }
    this.#lines = [];
    this.#size = 0;
  }
}
