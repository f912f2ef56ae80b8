import { validateMessage } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { MAX_COUNT, MAX_EPOCH_STEP, MAX_FACTS, MAX_ITEMS, MAX_KEY, MAX_UPDATE, MAX_VALUE } from '../limits.ts';
import { replicaProtocol, rumorProtocol } from '../protocol.ts';
import { gossipRecipe } from '../recipe.ts';
import { at, Replica } from './support.ts';

const entry = { key: 'k', value: 'a', version: 1 };
const delta = { owner: 'n1', epoch: 1, from: 0, to: 1, floor: 0, entries: [entry] };
const known = { owner: 'n1', epoch: 1, version: 1, floor: 0 };
const update = (changed: object) => ({ type: 'Update', delta: { ...delta, ...changed } });
const digest = (changed: object) => ({
  type: 'Digest',
  under: [''],
  versions: [known],
  exchange: 'push',
  ...changed,
});

describe('messages are refused at the edge', () => {
  it.each([
    ['a key that is too long', update({ entries: [{ ...entry, key: 'k'.repeat(MAX_KEY + 1) }] })],
    ['an empty key', update({ entries: [{ ...entry, key: '' }] })],
    ['a value that is too long', update({ entries: [{ ...entry, value: 'v'.repeat(MAX_VALUE + 1) }] })],
    ['a version past the last', update({ to: MAX_COUNT + 1 })],
    ['an epoch past the last', update({ epoch: Number.MAX_SAFE_INTEGER })],
    ['a negative version', update({ from: -1 })],
    ['half a version', update({ to: 0.5 })],
    ['an owner that is no name', update({ owner: '__proto__' })],
    ['a field that nobody knows', update({ more: 1 })],
    ['too many entries', update({ entries: Array.from({ length: MAX_ITEMS + 1 }, () => entry) })],
    ['too many deltas', { type: 'Delta', deltas: Array.from({ length: MAX_ITEMS + 1 }, () => delta) }],
    ['too many versions', digest({ versions: Array.from({ length: MAX_ITEMS + 1 }, () => known) })],
    ['a digest about nothing', digest({ under: [] })],
    ['a path that is none', digest({ under: ['xyz'] })],
    ['a path that is too long', digest({ under: ['0'.repeat(9)] })],
    ['another kind of exchange', digest({ exchange: 'both' })],
    ['a hash that is no number', { type: 'Hashes', nodes: [{ path: '', hash: Number.NaN }], exchange: 'push' }],
  ])('%s', (_, message) => {
    expect(validateMessage(replicaProtocol, message as never).error?.code).toBe('MESSAGE_INVALID');
  });

  it('a rumour that is too long', () => {
    const rumor = { type: 'Rumor', update: 'x'.repeat(MAX_UPDATE + 1) };
    expect(validateMessage(rumorProtocol, rumor as never).error?.code).toBe('MESSAGE_INVALID');
  });

  it('what is right passes', () => {
    for (const message of [update({}), digest({}), { type: 'Delta', deltas: [delta] }])
      expect(validateMessage(replicaProtocol, message as never).error).toBeUndefined();
  });
});

describe('what contradicts itself is refused with a code, and changes nothing', () => {
  it.each([
    ['FACT_INVALID', 'an end before the beginning', { from: 2, to: 1, entries: [] }],
    ['FACT_INVALID', 'a version past the end', { to: 1, entries: [{ ...entry, version: 2 }] }],
    ['FACT_INVALID', 'a version from before the beginning', { from: 1, to: 2, entries: [entry] }],
    ['FACT_INVALID', 'versions out of order', { to: 2, entries: [{ ...entry, version: 2 }, entry] }],
    ['EPOCH_OVERFLOW', 'an epoch that is too far ahead', { owner: 'n3', epoch: 2 + MAX_EPOCH_STEP }],
  ])('%s: %s', (code, _, changed) => {
    const site = new Replica(2);
    site.learn(3, { ...delta, owner: 'n3' });
    const { lives } = site.context;
    expect(site.receive(at(3), update(changed)).codes).toEqual([code]);
    expect(site.context.lives).toBe(lives);
  });

  it('one bad delta among good ones', () => {
    const site = new Replica(2);
    const said = site.learn(3, { ...delta, from: 5 }, { ...delta, owner: 'n3' });
    expect(said.codes).toEqual(['FACT_INVALID']);
    expect([site.facts('n1'), site.facts('n3')]).toEqual([{}, { k: 'a' }]);
  });
});

describe('what the embedder cannot put', () => {
  it.each([
    ['FACT_KEY_INVALID', '', 'v'],
    ['FACT_KEY_INVALID', 'k'.repeat(MAX_KEY + 1), 'v'],
    ['FACT_TOO_LARGE', 'k', 'v'.repeat(MAX_VALUE + 1)],
  ])('%s', (code, key, value) => {
    const site = new Replica(1);
    const said = site.put(key, value);
    expect([said.codes, said.sent, site.version('n1')]).toEqual([[code], [], [1, 0, 0]]);
  });

  it('FACTS_TOO_MANY', () => {
    const site = new Replica(1);
    for (let fact = 0; fact < MAX_FACTS; fact++) site.put(`k${fact}`, 'v');
    expect(site.put('one more', 'v').codes).toEqual(['FACTS_TOO_MANY']);
    expect(site.put('k0', 'w').codes).toEqual([]);
  });

  it('the same value again is nothing', () => {
    const site = new Replica(1);
    site.put('k', 'v');
    expect([site.put('k', 'v').emitted, site.version('n1')]).toEqual([[], [1, 1, 0]]);
  });
});

describe('gossipRecipe', () => {
  it('runs a replica under the name gossip, with what it was given', () => {
    const { name, protocol, input } = gossipRecipe({ fanout: 5, epoch: 7 });
    expect([name, protocol]).toEqual(['gossip', replicaProtocol]);
    const site = new Replica(1, input({ node: 'n1', cluster: 'c', metadata: {} }));
    expect([site.context.epoch, site.context.settings.fanout, site.context.settings.exchange]).toEqual([
      7,
      5,
      'pushPull',
    ]);
  });

  it('tells the embedder of each fact that changes, its own among them', () => {
    const site = new Replica(1);
    expect(site.put('k', 'v').emitted).toEqual([{ type: 'factChanged', node: 'n1', key: 'k', value: 'v' }]);
    expect(site.put('k', null).emitted).toEqual([{ type: 'factChanged', node: 'n1', key: 'k', value: null }]);
  });

  it.each([
    [{ intervalMs: 0 }],
    [{ jitter: 2 }],
    [{ fanout: -1 }],
    [{ maxEntries: MAX_ITEMS + 1 }],
    [{ maxCharacters: 0 }],
    [{ retentionRounds: 0 }],
    [{ epoch: 0.5 }],
  ])('refuses %o, a mistake of the program', (options) => {
    expect(() => new Replica(1, options)).toThrow();
  });
});
