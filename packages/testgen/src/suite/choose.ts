import type { Plan } from './plan.ts';

/** A plan that was chosen, and the targets for the sake of which it was. */
export interface Chosen {
  readonly plan: Plan;
  readonly fresh: readonly string[];
}

/**
 * Few plans that cover all that the candidates cover together: always the one that adds most, of equal ones the shorter, of these the
 * earlier; at the end those are left out that others have made superfluous. `order` tells the place of a target.
 */
export function choose(plans: readonly Plan[], order: ReadonlyMap<string, number>): readonly Chosen[] {
  const open = new Set(plans.flatMap(({ covers }) => [...covers]));
  const chosen: Plan[] = [];
  // A plan's gain never grows: it is counted anew only when it stands first.
  const queue = plans.map((plan, at) => ({ plan, at, gain: plan.covers.size }));
  const better = (a: (typeof queue)[number], b: (typeof queue)[number]) =>
    b.gain - a.gain || a.plan.steps.length - b.plan.steps.length || a.at - b.at;
  queue.sort(better);
  while (open.size > 0) {
    const best = queue.shift();
    if (!best) break;
    const gain = countIn(best.plan.covers, open);
    if (gain === 0) continue;
    const again = { ...best, gain };
    const [next] = queue;
    if (next && better(again, next) > 0) {
      insert(queue, again, better);
      continue;
    }
    chosen.push(best.plan);
    for (const id of best.plan.covers) open.delete(id);
  }
  return credited(needed(chosen), order);
}

function countIn(ids: ReadonlySet<string>, open: ReadonlySet<string>): number {
  let count = 0;
  for (const id of ids) if (open.has(id)) count++;
  return count;
}

function insert<T>(queue: T[], item: T, better: (a: T, b: T) => number): void {
  let low = 0;
  for (let high = queue.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (better(queue[middle] as T, item) <= 0) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, item);
}

/** Without the plans all of whose targets others cover; the longest go first. */
function needed(plans: readonly Plan[]): readonly Plan[] {
  const times = new Map<string, number>();
  for (const { covers } of plans) for (const id of covers) times.set(id, (times.get(id) ?? 0) + 1);
  const kept = new Set(plans);
  for (const plan of [...plans].sort((a, b) => b.steps.length - a.steps.length)) {
    if ([...plan.covers].some((id) => times.get(id) === 1)) continue;
    kept.delete(plan);
    for (const id of plan.covers) times.set(id, (times.get(id) ?? 1) - 1);
  }
  return plans.filter((plan) => kept.has(plan));
}

/** Each target is put down to the shortest plan that covers it; a plan without one to the last that it covers. */
function credited(plans: readonly Plan[], order: ReadonlyMap<string, number>): readonly Chosen[] {
  const seen = new Set<string>();
  const place = (id: string) => order.get(id) ?? order.size;
  return [...plans]
    .map((plan, at) => ({ plan, at }))
    .sort((a, b) => a.plan.steps.length - b.plan.steps.length || a.at - b.at)
    .map(({ plan }) => {
      const fresh = [...plan.covers].filter((id) => !seen.has(id)).sort((a, b) => place(a) - place(b));
      for (const id of fresh) seen.add(id);
      return { plan, fresh: fresh.length > 0 ? fresh : [...plan.covers].slice(-1) };
    });
}
