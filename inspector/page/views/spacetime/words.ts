import type { TraceRecord } from '@synod/protocol';
import { arrowOf, NONE } from '../../../src/spacetime/arrows.ts';
import type { Marks } from '../../../src/spacetime/marks.ts';
import { durationWords, momentWords } from '../../../src/spacetime/ticks.ts';
import { recordText } from '../../../src/story/record-text.ts';

/** What a record tells, in lines: what, where and when, and of a message how long it took. */
export function recordWords(marks: Marks, index: number, unit: 'ms' | 'step'): string[] {
  const { story } = marks;
  const record = story.record(index);
  const lines = [
    `${typeWords(record)} ${recordText(record)}`,
    `${record.node} · ${momentWords(story.at(index), unit)}`,
  ];
  const course = courseWords(marks, index, unit);
  if (course) lines.push(course);
  return lines;
}

const typeWords = ({ type }: TraceRecord): string => (type === 'timer.set' ? 'timer set' : type.replace('.', ' '));

function courseWords(marks: Marks, index: number, unit: 'ms' | 'step'): string | undefined {
  const { story } = marks;
  const arrow = arrowOf(marks, index);
  if (!arrow) return undefined;
  const { send, end, isLost, isDuplicate } = arrow;
  if (end === NONE) return 'no end of it is known';
  if (send === NONE) return isLost ? 'lost; when it was sent is not known' : 'when it was sent is not known';
  const taken = story.at(end) - story.at(send);
  const after = unit === 'step' ? `${taken} ${taken === 1 ? 'step' : 'steps'}` : durationWords(taken);
  return `${isLost ? 'lost' : isDuplicate ? 'delivered once more' : 'delivered'} after ${after}`;
}
