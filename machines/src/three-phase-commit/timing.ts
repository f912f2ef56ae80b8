import type { CheckConfiguration, NodeView } from '@synod/protocol';
import { stateName } from './properties.ts';

// What the paper assumes of time, for the checker: a message between two that are up and connected is faster than any timeout, and each
// timeout is longer than what it waits for.

type MayFire = NonNullable<CheckConfiguration['timerMayFire']>;

/** States in which a process waits for answers, three bounds at most. */
const ASKING = ['collecting', 'preparing'];

const isAsking = (node: NodeView): boolean =>
  node.up &&
  (node.role.toLowerCase().endsWith('coordinator')
    ? ['wait', 'preCommit'].includes(stateName(node)) && !JSON.stringify(node.value).includes('recovering')
    : typeof node.value === 'object' && ASKING.includes(String(Object.values(node.value)[0])));

/** States in which a process waits for a decision, and will ask for it when its timeout ends. */
const isWaiting = (node: NodeView): boolean =>
  node.up && typeof node.value === 'object' && Object.values(node.value)[0] === 'following';

/** Delays that are no longer than an answer takes. */
const SHORT = ['voteTimeout', 'ackTimeout', 'stateReportTimeout'];

/** A timeout ends only when no message can arrive any more. */
export const quiet: MayFire = (_, __, { inFlight, connected }) =>
  !inFlight.some(({ from, to }) => connected(nodeOf(from), nodeOf(to)));

const nodeOf = (address: string): string => address.slice(address.indexOf('@') + 1);

/** Besides, a long one only when nobody is in the middle of asking; and who recovers asks again only when those that wait have given up. */
export const synchronous: MayFire = (timer, nodes, network) => {
  if (!quiet(timer, nodes, network)) return false;
  if (SHORT.some((delay) => timer.id.includes(`.${delay}.`))) return true;
  return !nodes.some(isAsking) && !(timer.id.includes('.decisionRequestInterval.') && nodes.some(isWaiting));
};
