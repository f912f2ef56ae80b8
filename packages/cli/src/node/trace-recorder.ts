import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { encodeRecording, recordingHeader, type TraceRecord } from '@synod/protocol';
import { unwritable } from '../files/files.ts';

/**
 * Records the trace of one node, life after life, in one file. Each record is handed to the operating system before what it tells of
 * happens, so that a node killed with `kill -9` leaves the records of all that others know of it.
 * @throws SynodError `FILE_UNWRITABLE`.
 */
export class TraceRecorder {
  readonly #path: string;
  readonly #file: number;
  #failed = false;

  constructor(path: string, about: Readonly<Record<string, unknown>>) {
    this.#path = path;
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#file = openSync(path, 'a+');
      // What an earlier life could not finish stays a line of its own.
      writeSync(this.#file, `${endsInLine(this.#file) ? '' : '\n'}${JSON.stringify(recordingHeader(about))}\n`);
    } catch (cause) {
      throw unwritable(path, cause);
    }
  }

  /** Never throws into the system that is recorded; `onFailure` is told once when the disk takes no more. */
  add(record: TraceRecord, onFailure: (error: unknown) => void): void {
    if (this.#failed) return;
    try {
      writeSync(this.#file, `${encodeRecording(record)}\n`);
    } catch (cause) {
      this.#failed = true;
      onFailure(unwritable(this.#path, cause));
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

function endsInLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] === 0x0a;
}
