import type { GeneratedClusterTest } from './case.ts';
import type { Candidate } from './cover.ts';
import type { ExploredModel } from './generated.ts';
import { nameOf } from './name.ts';
import type { Rehearsed } from './rehearse.ts';
import type { ClusterTarget } from './targets.ts';

/** A script that may become a test. */
export interface Trace extends Candidate {
  readonly model: ExploredModel;
  readonly rehearsed: Rehearsed;
}

/** Traces as tests: each without what others cover behind its last own target. */
export function testsOf(
  traces: readonly Trace[],
  targets: ReadonlyMap<string, ClusterTarget>,
): readonly GeneratedClusterTest[] {
  const rest = traces.map((trace) => trace);
  const cut = rest.map((trace, at) => {
    const others = new Set(rest.flatMap((other, index) => (index === at ? [] : [...other.covers])));
    const shorter = shorten(trace, others);
    rest[at] = shorter;
    return shorter;
  });
  const seen = new Set<string>();
  const names = new Map<string, number>();
  return cut.map((trace) => {
    const own = new Set([...trace.covers].filter((target) => !seen.has(target)));
    for (const target of own) seen.add(target);
    const { start, steps, covers } = trace.rehearsed;
    const name = nameOf(start, steps, covers, own);
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    return {
      name: count === 1 ? name : `${name} (${count})`,
      model: trace.model.model,
      nodes: trace.model.nodes,
      covers: [...own].sort().map((id) => targets.get(id) as ClusterTarget),
      start,
      steps,
    };
  });
}

function shorten(trace: Trace, others: ReadonlySet<string>): Trace {
  const { start, steps, covers, repeated } = trace.rehearsed;
  const seen = new Set<string>();
  let last = 0;
  for (const [at, targets] of covers.entries()) {
    for (const target of targets) {
      if (trace.covers.has(target) && !others.has(target) && !seen.has(target)) last = at;
      seen.add(target);
    }
  }
  const kept = covers.slice(0, last + 1);
  const left = new Set(kept.flat().filter((target) => trace.covers.has(target)));
  const rehearsed = { start, steps: steps.slice(0, last), covers: kept, repeated };
  return { ...trace, covers: left, rehearsed, weight: last };
}
