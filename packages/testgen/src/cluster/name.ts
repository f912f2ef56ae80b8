import { nodeOf } from '@synod/protocol';
import type { StateValue } from 'xstate';
import type { ClusterStart, ClusterStep } from './case.ts';

/** Parts of a name: more say less. */
const MOST = 4;

/**
 * A test in one line, by what its actors come to: `n1 becomes candidate, follower on n2 takes RequestVote, n1 becomes leader`. Steps that
 * cover something come before others.
 */
export function nameOf(
  start: readonly ClusterStart[],
  steps: readonly ClusterStep[],
  covers: readonly (readonly string[])[],
  wanted: ReadonlySet<string>,
): string {
  const states = new Map(start.map(({ at, state }) => [nodeOf(at), shown(state)]));
  const receivers = new Map<number, { readonly node: string; readonly type: string }>();
  const note = ({ sends = [] }: Pick<ClusterStep, 'sends'>) => {
    for (const { id, to, message } of sends)
      if (id !== undefined) receivers.set(id, { node: nodeOf(to), type: message.type });
  };
  for (const each of start) note(each);
  const parts: { readonly text: string; readonly counts: boolean }[] = [];
  for (const [at, step] of steps.entries()) {
    const text = told(step, states, receivers);
    note(step);
    const isWanted = (covers[at + 1] ?? []).some((target) => wanted.has(target));
    if (text !== undefined) parts.push({ text, counts: isWanted || step.state !== undefined });
  }
  const counting = parts.filter(({ counts }) => counts).map(({ text }) => text);
  const all = counting.length > 0 ? counting : parts.map(({ text }) => text);
  if (all.length === 0) return 'all have just started';
  if (all.length <= MOST) return all.join(', ');
  return [...all.slice(0, MOST - 1), `… (${all.length - MOST} more)`, all.at(-1)].join(', ');
}

function told(
  step: ClusterStep,
  states: Map<string, string>,
  receivers: ReadonlyMap<number, { readonly node: string; readonly type: string }>,
): string | undefined {
  if ('drop' in step) return undefined;
  if ('crash' in step) return `${step.crash} crashes`;
  const node = nodeWhere(step, receivers);
  const before = states.get(node);
  if ('restart' in step) {
    states.set(node, shown(step.state ?? ''));
    return `${node} starts again as ${states.get(node)}`;
  }
  if (step.state !== undefined) {
    states.set(node, shown(step.state));
    if (states.get(node) !== before) return `${node} becomes ${states.get(node)}`;
  }
  return `${before} on ${node} takes ${whatOf(step, receivers)}`;
}

function nodeWhere(step: ClusterStep, receivers: ReadonlyMap<number, { readonly node: string }>): string {
  if ('deliver' in step) return receivers.get(step.deliver)?.node ?? '';
  if ('restart' in step) return step.restart;
  return 'at' in step ? nodeOf(step.at) : '';
}

function whatOf(step: ClusterStep, receivers: ReadonlyMap<number, { readonly type: string }>): string {
  if ('deliver' in step) return receivers.get(step.deliver)?.type ?? 'a message';
  if ('fire' in step) return step.fire.replace(/\/.*$/, '');
  return 'request' in step ? step.request.type : '';
}

/** A state by its innermost names: `leader.idle`, of parallel regions `probing.direct + idle`. */
function shown(value: StateValue): string {
  if (typeof value === 'string') return value;
  const parts = Object.entries(value);
  const texts = parts.map(([key, inner]) => {
    const within = inner === undefined ? '' : shown(inner);
    return within === '' ? key : `${key}.${within}`;
  });
  if (parts.length === 1) return texts[0] ?? '';
  return texts.join(' + ');
}
