import type { Kind } from '../../src/world/read.ts';
import type { Story } from '../story/story.ts';

/** What a person may jump to. */
export const JUMPS = {
  shown: 'shown event',
  change: 'change of state',
  message: 'message',
  lost: 'lost message',
  failure: 'crash or restart',
  timer: 'end of a timer',
  note: 'note',
  alike: 'event like the selected one',
} as const;
export type Jump = keyof typeof JUMPS;

const FAILURES: ReadonlySet<Kind> = new Set(['crash', 'restart', 'stop', 'spawn']);

/** Whether a record is one to jump to. `selected`: the index of the selected record. What is shown is known to the list of events alone. */
export function isTarget(
  jump: Exclude<Jump, 'shown'>,
  selected: number | undefined,
): (story: Story, index: number) => boolean {
  switch (jump) {
    case 'change':
      return (story, index) => story.kind(index) === 'transition' && story.weight(index) === 'rare';
    case 'message':
      return (story, index) => story.kind(index) === 'send';
    case 'lost':
      return (story, index) => story.kind(index) === 'drop';
    case 'failure':
      return (story, index) => FAILURES.has(story.kind(index));
    case 'timer':
      return (story, index) => story.kind(index) === 'timer.fired';
    case 'note':
      return (story, index) => story.kind(index) === 'note';
    case 'alike':
      return (story, index) =>
        selected !== undefined &&
        selected >= story.first &&
        story.kind(index) === story.kind(selected) &&
        story.label(index) === story.label(selected);
  }
}

/** The index of the next target from `from` on, or going back, of the last one before it. */
export function nextTarget(
  story: Story,
  from: number,
  by: 1 | -1,
  isWanted: (story: Story, index: number) => boolean,
): number | undefined {
  for (let index = by > 0 ? from : from - 1; index >= story.first && index < story.length; index += by)
    if (isWanted(story, index)) return index;
  return undefined;
}
