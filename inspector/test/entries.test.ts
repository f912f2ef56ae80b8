import { describe, expect, it } from 'vitest';
import { type Entry, Journal, trimmed } from '../page/state/entries.ts';
import { note, spawn, turn } from './support.ts';

const weights = (entries: readonly Entry[]) => entries.map(({ weight }) => weight);

describe('the log of the page', () => {
  it('tells a change of state from a step that stays', () => {
    const journal = new Journal();
    const entries = journal.read([
      spawn('n1'),
      turn('n1', 'red', 1),
      turn('n1', 'green', 2),
      turn('n1', 'green', 3),
      note('n1', 'x'),
    ]);
    expect(weights(entries)).toEqual(['rare', 'detail', 'rare', 'detail', 'rare']);
    expect(weights(journal.read([turn('n1', 'red', 4)]))).toEqual(['rare']);
  });

  it('claims no change of an actor that nothing is known of', () => {
    expect(weights(new Journal().read([turn('n1', 'green', 1), turn('n1', 'red', 2)]))).toEqual(['detail', 'rare']);
  });

  it('is bounded, and keeps what is rare longest', () => {
    const journal = new Journal();
    let entries: readonly Entry[] = journal.read([note('n1', 'a crash')]);
    for (let count = 0; count < 20_000; count++)
      entries = trimmed([...entries, ...journal.read([turn('n1', 'red', count)])]);
    expect(entries).toHaveLength(4_001);
    expect(entries[0]?.record).toMatchObject({ text: 'a crash' });
    for (let count = 0; count < 6_000; count++)
      entries = trimmed([...entries, ...journal.read([note('n1', `${count}`)])]);
    expect(entries).toHaveLength(5_000);
  });
});
