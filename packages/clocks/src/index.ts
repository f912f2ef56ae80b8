export { compareLamport, type LamportTimestamp, lamportReceive, lamportTick } from './lamport.ts';
export {
  type CausalOrder,
  compareVectors,
  happensBefore,
  type VectorClock,
  vectorMerge,
  vectorReceive,
  vectorTick,
} from './vector.ts';
