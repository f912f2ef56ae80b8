import type { Protocol, TraceRecord } from '@synod/protocol';
import { createSystem, createVirtualClock } from '@synod/runtime';
import {
  concat,
  from,
  lastValueFrom,
  NEVER,
  Observable,
  Subject,
  throwError,
  toArray,
  VirtualTimeScheduler,
} from 'rxjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ValidateOptions, type ValidationEvent, validate } from '../src/index.ts';
import { recordCluster } from './support/cluster.ts';
import { specificationOf } from './support/simulated.ts';

const specification = await specificationOf('raft');
let records: readonly TraceRecord[] = [];

beforeAll(async () => {
  records = await recordCluster(specification, { seed: 3, ms: 400, kills: 1 });
});

/** All that the judge says of a stream. */
function heard(source: Observable<TraceRecord>, options: ValidateOptions = {}) {
  const scheduler = new VirtualTimeScheduler();
  const events: (ValidationEvent | 'complete' | 'error')[] = [];
  const subscription = source.pipe(validate(specification, { scheduler, ...options })).subscribe({
    next: (event) => events.push(event),
    complete: () => events.push('complete'),
    error: () => events.push('error'),
  });
  return { events, scheduler, subscription };
}

const wrong = (): readonly TraceRecord[] => {
  const at = records.findIndex(({ type }) => type === 'transition');
  return records.with(at, { ...records[at], state: 'elsewhere' } as TraceRecord);
};

describe('validate, as a sidecar', () => {
  it('says at the end of a stream that it is valid', async () => {
    const events = await lastValueFrom(from(records).pipe(validate(specification), toArray()));
    expect(events).toMatchObject([{ type: 'verdict', verdict: { valid: true, summary: { records: records.length } } }]);
  });

  it('judges later, not within the call that hands it a record', () => {
    const source = new Subject<TraceRecord>();
    const { events, scheduler } = heard(source);
    for (const record of wrong()) source.next(record);
    expect(events).toEqual([]);
    scheduler.flush();
    expect(events.map((event) => (typeof event === 'string' ? event : event.type))).toEqual([
      'misfit',
      'verdict',
      'complete',
    ]);
    expect(source.observed).toBe(false);
  });

  it('never errors over what a trace holds', () => {
    const broken = [{ ...records[0], clock: undefined } as unknown as TraceRecord];
    const { events, scheduler } = heard(concat(from(broken), NEVER));
    scheduler.flush();
    expect(events).toMatchObject([
      { type: 'failed', error: { code: 'VALIDATOR_FAILED' } },
      { type: 'verdict' },
      'complete',
    ]);
  });

  it('passes on the end of a stream that fails', () => {
    const { events, scheduler } = heard(
      concat(
        from(records),
        throwError(() => new Error('gone')),
      ),
    );
    scheduler.flush();
    expect(events.map((event) => (typeof event === 'string' ? event : event.type))).toEqual(['verdict', 'error']);
  });

  it('keeps no more records than it may, and begins anew behind a gap', () => {
    let subscriptions = 0;
    const source = new Observable<TraceRecord>((subscriber) => {
      subscriptions++;
      if (subscriptions === 1) for (const record of records) subscriber.next(record);
      else from(records.slice(0, 50)).subscribe(subscriber);
    });
    const { events, scheduler } = heard(source, { maxBacklog: 100 });
    scheduler.flush();
    expect(events).toMatchObject([
      { type: 'gap', records: 101 },
      { type: 'verdict', verdict: { valid: true, summary: { records: 50 } } },
      'complete',
    ]);
    expect(subscriptions).toBe(2);
  });

  it('lets go of the stream with its own subscription', () => {
    const source = new Subject<TraceRecord>();
    const { subscription } = heard(source);
    subscription.unsubscribe();
    expect(source.observed).toBe(false);
  });
});

describe('a system that is judged as it runs', () => {
  it('is valid also for one who comes late, and says that it came late', async () => {
    const clock = createVirtualClock();
    const system = await createSystem({ node: 'n1', clock, seed: 1 });
    const early: TraceRecord[] = [];
    system.trace$.subscribe((record) => early.push(record));
    await system.spawn('raft', specification.roles.server as Protocol, { input: { peers: ['raft@n2', 'raft@n3'] } });
    await clock.advance(1_000);
    const { events, scheduler } = heard(system.trace$);
    await clock.advance(1_000);
    await system.shutdown();
    scheduler.flush();
    expect(events).toMatchObject([
      {
        type: 'verdict',
        verdict: { valid: true, summary: { notJudged: [expect.stringMatching(/^lives that began before/)] } },
      },
      'complete',
    ]);
    // For who was there from the start, no number is missing.
    expect(early.map(({ seq }) => seq)).toEqual(early.map((_, index) => index + 1));
  });
});
