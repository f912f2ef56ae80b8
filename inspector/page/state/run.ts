import { batch } from '@preact/signals';
import type { Chart } from '@synod/protocol';
import type { PackedGap } from '../../src/standalone/compose.ts';
import { unpackWorld } from '../../src/world/packed.ts';
import { LineError } from '../../src/world/read.ts';
import type { RecordingHead } from '../../src/world/wire.ts';
import { emptyWorld, type World } from '../../src/world/world.ts';
import { nextTask } from './next-task.ts';
import { beginStory, grown, loading, notice, recording, story } from './store.ts';
import { verdicts } from './verdicts.ts';

// What the page shows, from whichever source: the server, a file, the page itself.

/** How long the page reads before it hears its person, in milliseconds. */
const BUSY_MS = 50;
/** How long before it draws: each time costs as much as some hundred records. */
const DRAW_MS = 400;

/** Charts that came, each once. */
export const charts = new Map<string, Chart>();

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

/** Adds lines, and leaps over the gaps that lie among them. Answers the gaps that lie beyond. */
export function appendAmong(gaps: readonly PackedGap[], lines: readonly string[]): readonly PackedGap[] {
  const [gap, ...others] = gaps;
  const before = gap ? gap.after - story.value.length : lines.length;
  if (!gap || before > lines.length) {
    append(lines);
    return gaps;
  }
  append(lines.slice(0, before));
  story.value.jump(unpackWorld(gap.world, charts));
  return appendAmong(others, lines.slice(before));
}

/** Lets the page hear its person, and draw now and then, while a run is read. `before` is done each time before it draws. */
export function pacer(before: () => void = () => {}): () => Promise<void> {
  let busyFrom = performance.now();
  // What is short is drawn once.
  let drawnAt = busyFrom;
  return async () => {
    if (performance.now() - busyFrom < BUSY_MS) return;
    if (performance.now() - drawnAt > DRAW_MS) {
      before();
      grown();
      drawnAt = performance.now();
    }
    await nextTask();
    busyFrom = performance.now();
  };
}
