import { applyDurable, type DurableChange, type DurableState, Sequence } from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryStorage } from '../../src/storage/memory.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { codeOf, onDisk, plain, suffix, temporary, value } from './support.ts';

const storages: readonly { readonly name: string; readonly create: () => Storage }[] = [
  { name: 'memory', create: () => createMemoryStorage() },
  { name: 'LMDB', create: () => onDisk(temporary()) },
];

const values: readonly [name: string, value: unknown][] = [
  ['null', null],
  ['undefined', undefined],
  ['a boolean', false],
  ['a fraction', -0.1],
  ['a large number', 2 ** 53 - 1],
  ['not a number', Number.NaN],
  ['infinity', Number.NEGATIVE_INFINITY],
  ['a bigint', 2n ** 80n],
  ['a string', 'zwölf ⚙ 🜚\u0000'],
  ['nested objects', { a: { b: [1, { c: undefined }] }, constructor: 1, '0': 2, '': 3 }],
  ['a Map with objects for keys', new Map([[{ a: 1 }, new Map([['x', [1]]])]])],
  ['a Set', new Set([1, 'a', null])],
  ['bytes', new Uint8Array([0, 255, 3])],
  ['a Date', new Date(5)],
  ['an object without prototype', Object.assign(Object.create(null), { a: 1 })],
  ['many bytes', new Uint8Array(100_000).fill(7)],
];

const unstorable: readonly [name: string, value: unknown][] = [
  ['a function', { f: () => 1 }],
  ['a symbol', [Symbol('s')]],
  ['an instance of a class', { at: new (class Place {})() }],
  ['a Sequence inside a value', { log: Sequence.from([1]) }],
  ['a field __proto__', JSON.parse('{"__proto__":1}')],
  [
    'a value that contains itself',
    (() => {
      const loop: unknown[] = [];
      loop.push(loop);
      return loop;
    })(),
  ],
];

for (const { name, create } of storages) {
  describe(`a storage in ${name}`, () => {
    it('counts its openings from 1', async () => {
      const storage = create();
      for (const incarnation of [1, 2, 3]) {
        expect(await storage.open('n1')).toEqual({ incarnation });
        await storage.close();
      }
    });

    it('knows nothing of an actor that never wrote', async () => {
      const storage = create();
      await storage.open('n1');
      await storage.write('a', [value('x', 1)]);
      for (const actor of ['b', 'a.', 'A']) expect(await storage.recover(actor)).toBeUndefined();
    });

    it('gives back values and sequences, also after it was closed', async () => {
      const storage = create();
      await storage.open('n1');
      await storage.write('a', [value('term', 1), suffix('log', 0, 'x', 'y')]);
      await storage.write('a', [value('term', 2), suffix('log', 1, 'z', 'w')]);
      await storage.write('b', [suffix('log', 0)]);
      for (let life = 0; life < 2; life++) {
        const state = await storage.recover('a');
        expect(state?.log).toBeInstanceOf(Sequence);
        expect(plain(state)).toEqual({ term: 2, log: ['x', 'z', 'w'] });
        expect(plain(await storage.recover('b'))).toEqual({ log: [] });
        await storage.close();
        await storage.open('n1');
      }
    });

    it.each(values)('gives back %s', async (_, content) => {
      const storage = create();
      await storage.open('n1');
      await storage.write('a', [value('value', content), suffix('items', 0, content)]);
      const state = plain(await storage.recover('a'));
      expect(state?.value).toEqual(content);
      expect(state?.items).toEqual([content]);
    });

    it.each(unstorable)('refuses %s, and then the actor until it recovers', async (_, content) => {
      const storage = create();
      await storage.open('n1');
      await storage.write('a', [value('x', 1)]);
      expect(await codeOf(storage.write('a', [value('x', 2), value('y', content)]))).toMatch(/^AssertionError: a\.y/);
      expect(await codeOf(storage.write('a', [value('x', 3)]))).toBe('STORAGE_FAILED');
      expect(await codeOf(storage.write('b', [value('x', 4)]))).toBeUndefined();
      expect(await storage.recover('a')).toEqual({ x: 1 });
      expect(await codeOf(storage.write('a', [value('x', 5)]))).toBeUndefined();
      expect(await storage.recover('a')).toEqual({ x: 5 });
    });

    it('recovers after the writes under way', async () => {
      const storage = create();
      await storage.open('n1');
      void storage.write('a', [suffix('log', 0, 1)]);
      void storage.write('a', [suffix('log', 1, 2)]);
      expect(plain(await storage.recover('a'))).toEqual({ log: [1, 2] });
    });

    it('lets a field become a sequence, and a value again', async () => {
      const storage = create();
      await storage.open('n1');
      await storage.write('a', [suffix('f', 0, 1, 2, 3)]);
      await storage.write('a', [value('f', 'x')]);
      expect(plain(await storage.recover('a'))).toEqual({ f: 'x' });
      await storage.write('a', [suffix('f', 0, 9)]);
      expect(plain(await storage.recover('a'))).toEqual({ f: [9] });
    });

    it('erases one actor, in the order of the calls', async () => {
      const storage = create();
      await storage.open('n1');
      void storage.write('a', [value('x', 1), suffix('log', 0, 1, 2, 3)]);
      void storage.write('b', [value('x', 1)]);
      void storage.erase('a');
      void storage.write('a', [suffix('log', 0, 7)]);
      expect(plain(await storage.recover('a'))).toEqual({ log: [7] });
      await storage.erase('a');
      expect(await storage.recover('a')).toBeUndefined();
      expect(await storage.recover('b')).toEqual({ x: 1 });
    });

    it('resolves the writes of one actor in order', async () => {
      const storage = create();
      await storage.open('n1');
      const order: number[] = [];
      await Promise.all(
        Array.from({ length: 50 }, (_, i) => storage.write('a', [value('x', i)]).then(() => order.push(i))),
      );
      expect(order).toEqual(Array.from({ length: 50 }, (_, i) => i));
    });

    it('makes durable what is under way when it is closed, and refuses what comes later', async () => {
      const storage = create();
      await storage.open('n1');
      const written = storage.write('a', [value('x', 1)]);
      const closed = storage.close();
      expect(await codeOf(storage.write('a', [value('x', 2)]))).toBe('STORAGE_FAILED');
      expect(await codeOf(storage.recover('a'))).toBe('STORAGE_FAILED');
      expect(await codeOf(storage.erase('a'))).toBe('STORAGE_FAILED');
      await Promise.all([written, closed, storage.close()]);
      await storage.open('n1');
      expect(await storage.recover('a')).toEqual({ x: 1 });
    });

    it('is not opened twice, nor for another node', async () => {
      const storage = create();
      await storage.open('n1');
      expect(await codeOf(storage.open('n1'))).toBe('STORAGE_LOCKED');
      await storage.close();
      expect(await codeOf(storage.open('n2'))).toBe('STORAGE_FOREIGN');
      expect(await storage.open('n1')).toEqual({ incarnation: 2 });
    });

    it('holds what a host would hold, whatever is written', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 60 }), async (commands) => {
          const storage = create();
          await storage.open('n1');
          const model = new Map<string, DurableState>();
          for (const { kind, actor, field, at, items } of commands) {
            if (kind === 'reopen') {
              await storage.close();
              await storage.open('n1');
            } else if (kind === 'erase') {
              model.delete(actor);
              void storage.erase(actor);
            } else {
              const change =
                kind === 'value' ? value(field, items) : sequenceChange(model.get(actor)?.[field], field, at, items);
              model.set(actor, applyDurable(model.get(actor) ?? {}, [change]));
              void storage.write(actor, [change]);
            }
          }
          for (const actor of ['a', 'b']) {
            expect(plain(await storage.recover(actor))).toEqual(plain(model.get(actor)));
          }
          await storage.close();
        }),
        { numRuns: 40 },
      );
    });
  });
}

it('a storage on disk takes no sequence up where it was before it was erased', async () => {
  const storage = onDisk(temporary());
  await storage.open('n1');
  await storage.write('a', [suffix('log', 0, 1, 2, 3)]);
  void storage.erase('a');
  expect(await codeOf(storage.write('a', [suffix('log', 3, 4)]))).toMatch(/AssertionError: a\.log: keeps items/);
});

const command = fc.record({
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('sequence' as const) },
    { weight: 3, arbitrary: fc.constant('value' as const) },
    { weight: 1, arbitrary: fc.constantFrom('erase' as const, 'reopen' as const) },
  ),
  actor: fc.constantFrom('a', 'b'),
  field: fc.constantFrom('f', 'g'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  items: fc.array(fc.integer(), { maxLength: 200 }),
});

/** A change that keeps a part of the sequence `old`, when it is one. */
function sequenceChange(old: unknown, field: string, at: number, items: readonly unknown[]): DurableChange {
  const keep = old instanceof Sequence ? Math.round(at * old.length) : 0;
  return suffix(field, keep, ...items);
}
