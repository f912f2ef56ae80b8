export { type PhiContext, type PhiInput, type PhiSettings, phi, silenceUntil } from './context.ts';
export { type PhiEmitted, phiMachine } from './machine.ts';
export { deviationsUntil, type Estimate, estimateOf, phiOf, silenceOf, type Tail } from './phi.ts';
export { phiProtocol } from './protocol.ts';
export { specification } from './specification.ts';
