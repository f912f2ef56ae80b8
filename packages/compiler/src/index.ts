export { type Compiled, compile, compileLogic } from './compile.ts';
