export { type Compiled, compile } from './compile.ts';
