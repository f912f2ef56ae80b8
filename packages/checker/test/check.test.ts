import { describe, expect, it } from 'vitest';
import { check, checkAsync } from '../src/index.ts';
import { heard, property, roles, talk, verdict } from './support.ts';

const never = property('always', 'no 2', (nodes) => !heard(nodes).includes('2'));

describe('verdicts', () => {
  it('always: the counterexample is a shortest one, and told step by step', () => {
    const { verdict: said, trace } = verdict(talk(3, [never]));
    expect(said).toBe('violated');
    expect(trace?.steps.map(({ text }) => text)).toEqual([
      'mouth@a takes say{nth:0}',
      'mouth@a takes say{nth:1}',
      'ear@b receives Word{number:2} from mouth@a',
    ]);
    expect(trace?.trace.map(({ type }) => type)).toEqual([
      ...['spawn', 'spawn'],
      ...['receive', 'transition', 'send', 'receive', 'transition', 'send'],
      ...['deliver', 'receive', 'transition'],
    ]);
  });

  it('sometimes: a run that comes there', () => {
    const { verdict: said, trace } = verdict(
      talk(1, [property('sometimes', 'heard', (nodes) => heard(nodes) === '1')]),
    );
    expect([said, trace?.steps.length]).toEqual(['holds', 2]);
  });

  it('step: the step that breaks it is the last of its run', () => {
    const grows = { name: 'grows', source: 'this test', kind: 'step' as const, holds: () => false };
    const { verdict: said, trace } = verdict(talk(1, [grows]));
    expect([said, trace?.steps.length]).toEqual(['violated', 1]);
  });

  it.each([
    ['depth', { maxDepth: 2 }],
    ['states', { maxStates: 1 }],
    ['time', { maxSeconds: 0 }],
    ['memory', { maxMemoryMb: 0 }],
  ])('what a bound of %s leaves unexplored is never a pass', (stopped, bound) => {
    // Large enough for more than one slice of the search.
    const { result } = verdict(talk(12, [property('always', 'anything', () => true)]), bound);
    expect(result).toMatchObject({ stopped, complete: false });
    expect(result.properties[0]?.verdict).toBe('unknown');
  });

  it('worlds outside the model are counted and not followed', () => {
    const within = (nodes: Parameters<typeof heard>[0]) => heard(nodes) === '';
    const { result } = verdict(talk(1, [property('always', 'anything', () => true)], { within }));
    expect(result).toMatchObject({ distinct: 3, complete: true });
  });

  it('stops at the first violation when asked to', () => {
    expect(verdict(talk(12, [never]), { stopAtFirst: true }).result).toMatchObject({ stopped: 'violation' });
  });

  it('a property that throws is named', () => {
    const bad = property('always', 'careless', () => {
      throw new Error('oops');
    });
    expect(() => verdict(talk(1, [bad]))).toThrow(
      expect.objectContaining({ code: 'PROPERTY_FAILED', details: { property: 'careless' } }),
    );
  });

  it('a request to a stranger is refused', () => {
    const model = { ...talk(0, []), requests: [{ to: 'who@x' as const, event: { type: 'say' } }] };
    expect(() => check(model, roles)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }));
  });

  it('can be interrupted, and tells what is known so far', async () => {
    const stop = new AbortController();
    const checking = checkAsync(talk(12, [never]), roles, { signal: stop.signal });
    stop.abort();
    expect(await checking).toMatchObject({ stopped: 'interrupted', complete: false });
  });
});
