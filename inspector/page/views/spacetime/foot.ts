import { samplingWords } from '../../../src/spacetime/picture.ts';
import type { Drawn, SpaceTime } from '../../../src/spacetime/spacetime.ts';

/** A remark below a diagram; `name` is its class. */
export interface Remark {
  readonly name: string;
  readonly words: string;
}

/** How what is seen stands to what is selected. */
export function relationsOf({ causality, lanes }: SpaceTime): readonly Remark[] {
  if (!causality) return [];
  if (!causality.isClocked)
    return [{ name: 'mute', words: 'The selected record has no vector clock: what came before it is not known.' }];
  const { past, future, concurrent } = causality.counts();
  const mute = lanes.lanes.filter(({ isClocked, marks }) => !isClocked && marks.length > 0);
  const names = mute.map(({ name }) => name).join(', ');
  return [
    { name: 'past', words: `↑ ${past.toLocaleString('en')} before` },
    { name: 'future', words: `↓ ${future.toLocaleString('en')} after` },
    { name: 'concurrent', words: `∥ ${concurrent.toLocaleString('en')} concurrent` },
    ...(mute.length > 0 ? [{ name: 'mute', words: `∅ no vector clocks: ${names}` }] : []),
  ];
}

/** What the picture leaves out. */
export function omissionsOf({ lanes: { quiet, beyond }, marks: { share, isDone } }: SpaceTime, drawn: Drawn): Remark[] {
  const sampling = samplingWords(drawn);
  return [
    ...(isDone ? [] : [{ name: 'reading', words: `reading ${Math.floor(share * 100)} %` }]),
    ...(sampling === undefined ? [] : [{ name: 'sampling', words: sampling }]),
    ...(quiet > 0 ? [{ name: 'quiet', words: `${lanesWords(quiet)} without messages left out` }] : []),
    ...(beyond > 0 ? [{ name: 'beyond', words: `${lanesWords(beyond)} with fewer messages left out` }] : []),
  ];
}

const lanesWords = (count: number): string => (count === 1 ? '1 lane' : `${count.toLocaleString('en')} lanes`);

/** What a diagram shows, in a sentence: all of it can be read in the list of events. */
export function labelOf({ lanes: { lanes }, marks }: SpaceTime, selected: readonly string[] = []): string {
  const lengths = `${lanesWords(lanes.length)}, ${marks.all.length.toLocaleString('en')} events`;
  const words = selected.length > 0 ? `Selected: ${selected.join(', ')}.` : '';
  return `Space–time diagram, ${lengths}. ${words}`.trim();
}
