import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { secret } from './access.ts';
import { HEADERS } from './headers.ts';
import { type Recording, recordingLines } from './recording.ts';

interface Offer {
  readonly recording: Recording;
  readonly onTrouble: (error: unknown) => void;
}

const FOLDER = '/recordings/';

/** Recordings that pages may read, each at a path of its own for as long as its page shows it. */
export class Recordings {
  readonly #offers = new Map<string, Offer>();

  /** Answers the path. `onTrouble` hears of what keeps it from being read to its end. */
  offer(recording: Recording, onTrouble: (error: unknown) => void): string {
    const path = FOLDER + secret();
    this.#offers.set(path, { recording, onTrouble });
    return path;
  }

  withdraw(path: string): void {
    this.#offers.delete(path);
  }

  /** Sends the lines of the recording at `path`, as fast as they are taken; false where there is none. */
  serve(path: string, response: ServerResponse): boolean {
    const offer = this.#offers.get(path);
    if (!offer) return false;
    response.writeHead(200, { ...HEADERS, 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    void send(offer, response);
    return true;
  }
}

async function send({ recording, onTrouble }: Offer, response: ServerResponse): Promise<void> {
  try {
    await pipeline(Readable.from(textOf(recording)), response);
  } catch (error) {
    // A page that is closed, or has another recording to show, reads no further.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') onTrouble(error);
  }
}

async function* textOf(recording: Recording): AsyncGenerator<string> {
  for await (const lines of recordingLines(recording)) yield lines.map((line) => `${line}\n`).join('');
}
