import { K, type Marks } from './marks.ts';
import type { Scale } from './scale.ts';

/** No record. */
export const NONE = -1;

/** One way of a message: from where it was sent to where it was delivered or lost. */
export interface Arrow {
  /** The index of its send; -1 where that is not known. */
  readonly send: number;
  /** The index of its delivery or loss; -1 of what has not ended. */
  readonly end: number;
  readonly isLost: boolean;
  /** It was delivered before. */
  readonly isDuplicate: boolean;
}

export interface Arrows {
  readonly all: readonly Arrow[];
  /** One of so many is among them. */
  readonly sampled: number;
}

/** The arrow of a send, or of what comes of one. */
export function arrowOf({ story }: Marks, index: number): Arrow | undefined {
  const kind = story.number('kind', index);
  const link = known(story.number('link', index), story.first);
  if (kind === K.send) return { send: index, end: link, isLost: isDrop(link), isDuplicate: false };
  if (kind !== K.deliver && kind !== K.drop) return undefined;
  const isDuplicate = kind === K.deliver && link !== NONE && isOther(known(story.number('link', link), story.first));
  return { send: link, end: index, isLost: kind === K.drop, isDuplicate };

  function isDrop(end: number): boolean {
    return end !== NONE && story.number('kind', end) === K.drop;
  }
  function isOther(end: number): boolean {
    return end !== NONE && end !== index && story.number('kind', end) === K.deliver;
  }
}

const known = (link: number, first: number): number => (link < first ? NONE : link);

/**
 * The arrows that are to be seen between two places: those that begin or end there, and those that pass. Of more than `most` it is one of two, of
 * four, and so on, always the same ones wherever one looks from.
 */
export function arrowsIn(marks: Marks, scale: Scale, from: number, to: number, most: number): Arrows {
  const { story, sends, ends } = marks;
  const [first, last] = scale.range(from, to);
  const [sendFrom, sendTo] = [sends.placeOf(first), sends.placeOf(last)];
  const [endFrom, endTo] = [ends.placeOf(first), ends.placeOf(last)];
  let sampled = 1;
  while (sendTo - sendFrom > most * sampled) sampled *= 2;
  const all: Arrow[] = [];
  const add = (index: number): void => {
    const arrow = arrowOf(marks, index);
    if (arrow) all.push(arrow);
  };
  for (let place = up(sendFrom, sampled); place < sendTo; place += sampled) add(sends.at(place));
  for (let place = up(endFrom, sampled); place < endTo; place += sampled) {
    const end = ends.at(place);
    const send = story.number('link', end);
    // Its send is in sight too, and has been asked.
    if (send >= first && send < last && story.number('link', send) === end) continue;
    add(end);
  }
  marks.longBefore(first, scale.moment(from), (send) => {
    if (story.number('link', send) >= last && send % sampled === 0) add(send);
  });
  const { again, againReach } = marks;
  for (let place = up(again.placeOf(last), sampled); place < again.length; place += sampled) {
    const end = again.at(place);
    if (end - againReach > last) break;
    if (story.number('link', end) < last) add(end);
  }
  return thinned({ all, sampled }, most);
}

/** Those that only pass were not counted before. */
function thinned({ all, sampled }: Arrows, most: number): Arrows {
  let by = 1;
  while (all.length > 2 * most * by) by *= 2;
  return by === 1 ? { all, sampled } : { all: all.filter((_, at) => at % by === 0), sampled: sampled * by };
}

const up = (place: number, step: number): number => Math.ceil(place / step) * step;
