export { activeStates, hueOf, outerState, stateWords } from '../../src/chart/active.ts';
