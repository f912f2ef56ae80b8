import type { TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { otel, perfetto, type Records, shiviz } from '../../src/export/index.ts';

// With EXPORTS=long, a million records: what an export keeps does not grow with them.
const RECORDS = process.env.EXPORTS === 'long' ? 1_000_000 : 40_000;

/** Two nodes that send each other one message after another; made as they are read. */
const pingPong: Records = {
  *[Symbol.iterator](): Generator<TraceRecord> {
    const clocks: Record<string, number> = { n1: 0, n2: 0 };
    for (let round = 0; round < RECORDS / 4; round++) {
      const [from, to] = round % 2 === 0 ? ['n1', 'n2'] : ['n2', 'n1'];
      const at = round;
      const tick = (node: string) => {
        clocks[node] = (clocks[node] ?? 0) + 1;
        return { seq: round * 4 + 1, at, node, clock: { ...clocks } };
      };
      const [sender, receiver, id] = [`a@${from}`, `a@${to}`, `${from}:${round}`] as [
        `a@${string}`,
        `a@${string}`,
        string,
      ];
      const message = { type: 'Ping', text: 'x'.repeat(100) };
      yield { ...tick(from as string), type: 'send', id, from: sender, to: receiver, message };
      const taken = tick(to as string);
      yield { ...taken, type: 'deliver', id, from: sender, to: receiver, message: 'Ping' };
      yield { ...taken, seq: taken.seq + 1, type: 'receive', actor: receiver, event: message, id, from: sender };
      const state = round % 3 === 0 ? 'one' : 'two';
      yield { ...taken, type: 'transition', actor: receiver, event: 'Ping', state, transitions: [], changed: {} };
    }
  },
};

describe('an export of a long trace', () => {
  it.each([
    ['perfetto', perfetto],
    ['otel', otel],
    ['shiviz', shiviz],
  ] as const)(
    'comes piece by piece, and keeps no more than it needs: %s',
    (_, write) => {
      let [written, longest, most, pieces] = [0, 0, 0, 0];
      const before = process.memoryUsage().heapUsed;
      for (const piece of write(pingPong)) {
        written += piece.length;
        longest = Math.max(longest, piece.length);
        if (++pieces % 1_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before);
      }
      expect(written).toBeGreaterThan(RECORDS * 20);
      expect(longest).toBeLessThan(1_000_000);
      expect(most).toBeLessThan(300 * 1024 * 1024);
    },
    600_000,
  );
});
