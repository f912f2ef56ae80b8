/** The fewest replicas of which any two sets have one in common (*Paxos Made Simple* §2.1). */
export const majority = (size: number): number => Math.floor(size / 2) + 1;
