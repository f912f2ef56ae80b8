export { type PhiContext, type PhiInput, type PhiSettings, phi } from './context.ts';
export { type PhiEmitted, phiMachine } from './machine.ts';
export { type Estimate, estimateOf, phiOf, silenceUntil, type Tail } from './phi.ts';
export { phiProtocol } from './protocol.ts';
export { specification } from './specification.ts';
