import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { encodeTrace } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { type Fault, type SimulateOptions, simulate } from '../src/index.ts';
import { specification as toys } from './fixtures/toys.mjs';

const RUN: SimulateOptions = { seed: 42, simulation: 'registers', seconds: 5, faults: { ...everything() } };

function everything() {
  const names = ['drop', 'delay', 'duplicate', 'reorder', 'partition', 'crash', 'pause', 'skew', 'disk'] as const;
  return Object.fromEntries(names.map((name) => [name, 'high'] as const));
}

const hash = (lines: readonly string[]): string => createHash('sha256').update(lines.join('\n')).digest('hex');

const traceOf = (options: SimulateOptions): string =>
  hash((simulate(toys, { ...options, trace: true }).trace ?? []).map((record) => encodeTrace(record)));

/** The same in a process of its own, on what is built. */
function inChild(options: SimulateOptions): string {
  const script = `
    import { createHash } from 'node:crypto';
    import { encodeTrace } from '@synod/protocol';
    import { simulate } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    import { specification } from ${JSON.stringify(new URL('./fixtures/toys.mjs', import.meta.url).href)};
    const { trace } = simulate(specification, ${JSON.stringify({ ...options, trace: true })});
    process.stdout.write(createHash('sha256').update(trace.map((record) => encodeTrace(record)).join('\\n')).digest('hex'));
  `;
  const cwd = new URL('..', import.meta.url);
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd, encoding: 'utf8' });
}

describe('the same seed', () => {
  it('gives the same bytes of trace in one process, whatever ran before', () => {
    const first = traceOf(RUN);
    simulate(toys, { ...RUN, seed: 43 });
    expect(traceOf(RUN)).toBe(first);
    expect(traceOf({ ...RUN, seed: 43 })).not.toBe(first);
  });

  it('gives the same bytes of trace in another process', () => {
    expect([inChild(RUN), inChild(RUN)]).toEqual([traceOf(RUN), traceOf(RUN)]);
  });

  it('gives the same bytes of trace on every version of Node', () => {
    expect(traceOf(RUN)).toMatchInlineSnapshot(`"fe7e06004b06ad98558f7d30903a67d1685674b5e5bec3b286c2abe55e5e2bb2"`);
  });

  it('gives the same run with a trace and without, counted and not', () => {
    const { wallSeconds: _, coverage, ...plain } = simulate(toys, RUN);
    const { wallSeconds: __, trace: ___, coverage: traced, ...withTrace } = simulate(toys, { ...RUN, trace: true });
    const { wallSeconds: ____, coverage: _____, ...uncounted } = simulate(toys, { ...RUN, coverage: false });
    expect(withTrace).toEqual(plain);
    expect(traced).toEqual(coverage);
    expect(uncounted).toEqual(plain);
  });
});

describe('how guards came out', () => {
  it('is told where it is asked for, and changes nothing else', () => {
    const { trace = [] } = simulate(toys, { ...RUN, trace: true });
    const { trace: told = [] } = simulate(toys, { ...RUN, trace: true, guards: true });
    const outcomes = told.flatMap((record) => (record.type === 'transition' ? (record.guards ?? []) : []));
    expect(outcomes.length).toBeGreaterThan(0);
    const without = told.map((record) => {
      if (record.type !== 'transition') return record;
      const { guards: _, ...rest } = record;
      return rest;
    });
    expect(without).toEqual(trace);
  });
});

describe('to leave a fault out', () => {
  it('changes nothing before it', () => {
    const options: SimulateOptions = { simulation: 'registers', seconds: 5, trace: true };
    const pause = { kind: 'pause', atMs: 2_000, forMs: 100, nodes: ['n1'] } satisfies Fault;
    const crash = { kind: 'crash', atMs: 4_000, forMs: 100, nodes: ['n1'] } satisfies Fault;
    const until = (schedule: SimulateOptions['schedule']) =>
      (simulate(toys, { ...options, ...(schedule && { schedule }) }).trace ?? [])
        .filter(({ at }) => at < 4_000)
        .map((record) => encodeTrace(record));
    expect(until([pause])).toEqual(until([pause, crash]));
    expect(until([crash])).not.toEqual(until([pause, crash]));
  });
});
