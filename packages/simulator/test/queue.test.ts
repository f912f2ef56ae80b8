import { describe, expect, it } from 'vitest';
import { EventQueue, Happening } from '../src/queue.ts';
import { streamOf } from '../src/random.ts';

const drain = (queue: EventQueue): Happening[] => {
  const all: Happening[] = [];
  for (let next = queue.pop(); next; next = queue.pop()) all.push(next);
  return all;
};

describe('the event queue', () => {
  it('gives what is soonest, and of one moment what was put in first', () => {
    const queue = new EventQueue();
    const stream = streamOf(7, 'queue');
    for (let target = 0; target < 1_000; target++) {
      queue.push(new Happening('deliver', stream.integer(0, 20), target));
    }
    const order = drain(queue).map(({ at, target }) => [at, target] as const);
    expect(order).toEqual([...order].sort(([a, first], [b, second]) => a - b || first - second));
    expect(new Set(order.map(([at]) => at)).size).toBe(21);
  });
});
