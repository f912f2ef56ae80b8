import { and, not, or } from 'xstate';
import { type Frame, type GuardArgs, guardArgsOf } from './frame.ts';
import type { Code, GuardSource, Implementations, Reference } from './nodes.ts';

/** A guard with its name looked up and its parameters bound. */
export type Guard = (args: GuardArgs, frame: Frame) => unknown;

const checkOf = (guard: unknown) => (guard as Code).check;

// How XState's own combinators are told from each other: by what they do, since a bundler may rename them.
const AND = checkOf(and([]));
const OR = checkOf(or([]));
const NOT = checkOf(not(''));

/** Compiles a guard of a chart. One that has no implementation throws when it is asked, as it does in XState. */
export function compileGuard(source: NonNullable<GuardSource>, implementations: Implementations): Guard {
  if (typeof source === 'function') return compileCode(source, undefined, implementations);
  const name = typeof source === 'string' ? source : source.type;
  const resolved = implementations.guards[name];
  if (!resolved) {
    return () => {
      throw new Error(`Guard '${name}' is not implemented.'.`);
    };
  }
  if (typeof resolved !== 'function') return compileGuard(resolved, implementations);
  return compileCode(resolved, typeof source === 'string' ? undefined : source, implementations);
}

function compileCode(code: Code, reference: Reference | undefined, implementations: Implementations): Guard {
  const params = reference?.params;
  if (code.check) {
    const check = compileCheck(code, implementations);
    if (typeof params !== 'function') return check;
    return (args, frame) => {
      params(guardArgsOf(frame));
      return check(args, frame);
    };
  }
  if (typeof params === 'function') return (args, frame) => code(args, params(guardArgsOf(frame)));
  return (args) => code(args, params);
}

/** Guards of XState's own making. */
function compileCheck(code: Code, implementations: Implementations): Guard {
  const parts = (code.guards ?? []).map((guard) => compileGuard(guard as NonNullable<GuardSource>, implementations));
  switch (code.check) {
    case AND:
      return (args, frame) => parts.every((part) => part(args, frame));
    case OR:
      return (args, frame) => parts.some((part) => part(args, frame));
    case NOT:
      return (args, frame) => !(parts[0] as Guard)(args, frame);
    default:
      // stateIn, and whatever else looks at a whole snapshot.
      return (args, frame) => code.check?.(frame.snapshot(), args, code);
  }
}
