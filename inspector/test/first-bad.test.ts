import { beforeEach, describe, expect, it } from 'vitest';
import { goToFirstBad, openAtFirstBad } from '../page/state/first-bad.ts';
import {
  beginStory,
  cursor,
  following,
  grown,
  loading,
  recording,
  seek,
  selectedRecord,
  story,
} from '../page/state/store.ts';
import { verdicts } from '../page/state/verdicts.ts';
import type { JudgedProperty } from '../src/world/verdicts.ts';
import { note, spawn, turn } from './support.ts';

const RECORDS = 10;
/** Records that tell of a transition. */
const TOLD = new Set([2, 6, 7]);

const property = (verdict: JudgedProperty['verdict'], at?: JudgedProperty['at']): JudgedProperty => ({
  name: 'a promise',
  kind: 'always',
  verdict,
  ...(at && { at }),
});

/** A recording that has come as a whole, and whose end the page still has to be told. */
function opened(...properties: readonly JudgedProperty[]): void {
  recording.value = { about: {}, unit: 'ms' };
  loading.value = true;
  beginStory({});
  const records = [
    spawn('n1'),
    ...Array.from({ length: RECORDS - 1 }, (_, at) => (TOLD.has(at + 1) ? turn('n1', 'red', at) : note('n1', ''))),
  ];
  story.value.append(records.map((record) => JSON.stringify(record)));
  grown();
  verdicts.value = { properties };
}

/** The effect that opens a page ends itself a moment later. */
const settled = () => new Promise<void>((resolve) => queueMicrotask(resolve));

beforeEach(() => {
  recording.value = undefined;
  loading.value = false;
  verdicts.value = undefined;
  beginStory();
});

describe('the first bad step', () => {
  it.each<[string, readonly JudgedProperty[], readonly [cursor: number, record: number] | undefined]>([
    ['the only one', [property('holds'), property('violated', [4, 6])], [6, 4]],
    ['the earliest of several', [property('violated', [7, 8]), property('violated', [2, 5])], [5, 2]],
    ['the last record', [property('violated', [9, 10])], [10, 9]],
    ['none where all holds', [property('holds', [3, 4]), property('open')], undefined],
    ['none that no record belongs to', [property('violated')], undefined],
    ['none that has not come', [property('violated', [10, 12])], undefined],
    ['the transition of a step that begins with something else', [property('violated', [4, 8])], [8, 6]],
  ])('is %s', (_, properties, place) => {
    opened(...properties);
    expect(goToFirstBad()).toBe(place !== undefined);
    expect([cursor.value, selectedRecord.value]).toEqual(place ?? [RECORDS, undefined]);
  });

  it('is where a run opens, as soon as all of it is there', async () => {
    openAtFirstBad();
    opened(property('violated', [4, 6]));
    expect(selectedRecord.value).toBeUndefined();
    loading.value = false;
    await settled();
    expect([cursor.value, selectedRecord.value, following.value]).toEqual([6, 4, false]);
  });

  it('is not where a run opens whose address, or reader, has gone elsewhere meanwhile', async () => {
    openAtFirstBad();
    opened(property('violated', [4, 6]));
    seek(2);
    loading.value = false;
    await settled();
    expect([cursor.value, selectedRecord.value]).toEqual([2, undefined]);
  });

  it('is where a run opens, also when what is known of it comes after the run', async () => {
    openAtFirstBad();
    opened();
    verdicts.value = undefined;
    loading.value = false;
    await settled();
    expect(selectedRecord.value).toBeUndefined();
    verdicts.value = { properties: [property('violated', [4, 6])] };
    await settled();
    expect([cursor.value, selectedRecord.value]).toEqual([6, 4]);
  });

  it.each([
    ['with which the page opened, of which nothing was known', undefined],
    ['with which the page opened, which held', property('holds')],
  ])('leaves alone another run than that %s', async (_, first) => {
    openAtFirstBad();
    opened(...(first ? [first] : []));
    if (!first) verdicts.value = undefined;
    loading.value = false;
    await settled();
    opened(property('violated', [4, 6]));
    loading.value = false;
    await settled();
    expect([cursor.value, selectedRecord.value]).toEqual([RECORDS, undefined]);
  });

  it('is none of something live', async () => {
    openAtFirstBad();
    beginStory();
    story.value.append([JSON.stringify(spawn('n1'))]);
    grown();
    await settled();
    expect([cursor.value, following.value]).toEqual([1, true]);
  });
});
