import { Subject, throwError } from 'rxjs';
import { expect, it } from 'vitest';
import { eventStream } from '../src/http/sse.ts';
import type { KvChange } from '../src/index.ts';

const begin = (changes$ = new Subject<KvChange>()) => {
  const abort = new AbortController();
  const seen = { ended: 0 };
  const options = { revision: 1, heartbeatMs: 60_000, signal: abort.signal, onEnd: () => seen.ended++ };
  return { changes$, abort, seen, stream: eventStream(changes$, options) };
};

const change = (value: string): KvChange => ({ key: 'a', revision: 2, value });

it('cuts off who does not read', async () => {
  const { changes$, seen, stream } = begin();
  for (let sent = 0; sent < 7; sent++) changes$.next(change('x'.repeat(1_048_576)));
  expect({ observed: changes$.observed, ...seen }).toEqual({ observed: true, ended: 0 });
  for (let sent = 0; sent < 2; sent++) changes$.next(change('x'.repeat(1_048_576)));
  expect({ observed: changes$.observed, ...seen }).toEqual({ observed: false, ended: 1 });
  let size = 0;
  for await (const chunk of stream) size += chunk.byteLength;
  expect(size).toBeGreaterThan(8_388_608);
});

it('ends once: when cancelled, when told to, or when there is no more', async () => {
  const ways: ((made: ReturnType<typeof begin>) => unknown)[] = [
    ({ stream }) => stream.cancel(),
    ({ abort }) => abort.abort(),
    ({ changes$ }) => changes$.complete(),
    ({ changes$ }) => changes$.error(new Error('late')),
  ];
  for (const end of ways) {
    const made = begin();
    await end(made);
    made.abort.abort();
    made.changes$.next(change('late'));
    expect({ observed: made.changes$.observed, ...made.seen }).toEqual({ observed: false, ended: 1 });
  }
});

it('throws what is wrong from the start', () => {
  const error = new Error('compacted');
  const seen = { ended: 0 };
  const options = { revision: 1, heartbeatMs: 60_000, signal: new AbortController().signal, onEnd: () => seen.ended++ };
  expect(() =>
    eventStream(
      throwError(() => error),
      options,
    ),
  ).toThrow(error);
  expect(seen.ended).toBe(1);
});
