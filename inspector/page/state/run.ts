import { batch } from '@preact/signals';
import { LineError } from '../../src/world/read.ts';
import type { RecordingHead } from '../../src/world/wire.ts';
import { emptyWorld, type World } from '../../src/world/world.ts';
import { beginStory, grown, loading, notice, recording, story } from './store.ts';
import { verdicts } from './verdicts.ts';

// What the page shows, from whichever source: the server, a file, the page itself.

/** How long the page reads before it draws, in milliseconds: each time costs as much as some hundred records. */
const BUSY_MS = 100;

/** Whether the rest of a recording is of no use, since one of its lines is no record. */
let broken = false;

/** Shows another run; its records follow. */
export function beginRun(...about: Parameters<typeof beginStory>): void {
  broken = false;
  verdicts.value = undefined;
  beginStory(...about);
}

/** Shows a run that is over; its lines follow. `base`: the world before them. */
export function beginRecording(head: RecordingHead, base: World = emptyWorld): void {
  batch(() => {
    recording.value = head;
    loading.value = true;
    beginRun({ base });
  });
}

/** Adds lines to the story; after one that is no record, what came before is shown, and the rest is not. */
export function append(lines: readonly string[]): void {
  if (broken || lines.length === 0) return;
  try {
    story.value.append(lines);
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    broken = true;
    const line = (story.value.length + 1).toLocaleString('en');
    notice.value = {
      ok: false,
      text: `${error.code}: record ${line} ${error.message}. What comes before it is shown.`,
    };
  }
}

/** Lets the page draw now and then while a run is read. `before` is done each time before it does. */
export function pacer(before: () => void = () => {}): () => Promise<void> {
  let until = performance.now() + BUSY_MS;
  return async () => {
    if (performance.now() < until) return;
    before();
    grown();
    await new Promise((resolve) => setTimeout(resolve));
    until = performance.now() + BUSY_MS;
  };
}
