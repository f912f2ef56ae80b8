export { isQuorumError, QuorumError, type QuorumErrorCode } from './error.ts';
export { type Disjoint, disjointQuorums, intersects, type ReadWrite, readWrite } from './intersection.ts';
export { crossOf, isQuorum, quorumsOf } from './quorum.ts';
export {
  anyOf,
  type Grid,
  grid,
  type Joint,
  joint,
  type Majority,
  majority,
  membersOf,
  type Node,
  type QuorumSystem,
  squareGrid,
  validate,
  type Weighted,
  weighted,
} from './system.ts';
