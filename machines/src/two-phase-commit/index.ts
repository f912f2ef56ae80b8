export { resourceManager, transactionManager } from './gray-lamport.ts';
export { specification } from './specification.ts';
