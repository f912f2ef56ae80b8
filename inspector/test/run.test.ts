import { expect, it } from 'vitest';
import { appendAmong, beginRecording } from '../page/state/run.ts';
import { story } from '../page/state/store.ts';
import { packWorld } from '../src/world/packed.ts';
import { emptyWorld, withRecord } from '../src/world/world.ts';
import { spawn, turn } from './support.ts';

const records = [spawn('n1'), ...Array.from({ length: 9 }, (_, at) => turn('n1', at % 2 ? 'green' : 'red', at))];
const lines = records.map((record) => JSON.stringify(record));
const [before, after] = [2, 7].map((count) => records.slice(0, count).reduce(withRecord, emptyWorld));

it.each([
  ['one after the other', [1, 2, 3, 5]],
  ['at once', [5]],
  ['up to the gap, and from it on', [2, 5]],
])('a saved run with a gap is the same again when its lines come %s', (_, cuts) => {
  const kept = [...lines.slice(0, 2), ...lines.slice(7)];
  beginRecording({ about: {}, unit: 'ms' });
  let gaps: Parameters<typeof appendAmong>[0] = [{ after: 2, world: packWorld(after ?? emptyWorld) }];
  let from = 0;
  for (const to of cuts) {
    gaps = appendAmong(gaps, kept.slice(from, to));
    from = to;
  }
  expect(gaps).toEqual([]);
  expect(story.value.worldAt(1)).toEqual(records.slice(0, 1).reduce(withRecord, emptyWorld));
  expect(story.value.worldAt(2)).toEqual(after);
  expect(story.value.worldAt(2)).not.toEqual(before);
  expect(story.value.worldAt(5)).toEqual(records.reduce(withRecord, emptyWorld));
  expect(story.value.gaps).toMatchObject([{ index: 2 }]);
});
