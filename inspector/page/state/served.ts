import { linesOf } from '../open/lines-of.ts';
import { append, pacer } from './run.ts';
import { grown, loading, notice } from './store.ts';

let reading: AbortController | undefined;

/** The rest of the recording that is being read is of no interest any more. */
export function stopReading(): void {
  reading?.abort();
  reading = undefined;
}

/** Reads the lines of a recording from the server, in the place of those that were being read before. */
export async function readServed(path: string): Promise<void> {
  stopReading();
  const mine = new AbortController();
  reading = mine;
  const { signal } = mine;
  const breathe = pacer();
  try {
    const { ok, body } = await fetch(path, { signal });
    if (!ok || !body) throw new TypeError('the server has it no longer');
    for await (const lines of linesOf(body)) {
      if (signal.aborted) return;
      append(lines.filter((line) => line !== ''));
      await breathe();
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof TypeError)) throw error;
    // What the server says of it is worth more.
    if (notice.peek()?.ok !== false)
      notice.value = { ok: false, text: 'RECORDING_BROKEN: The recording breaks off here; load the page again.' };
  }
  if (signal.aborted) return;
  loading.value = false;
  grown();
}
