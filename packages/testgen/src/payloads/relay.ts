import { familyOf, invocationsOf } from '@synod/protocol';
import type { AnyNode } from 'acorn';
import type { AnyStateMachine } from 'xstate';
import type { ActorView } from '../subject.ts';
import { keyText } from './infer/resolve.ts';
import { childrenOf, syntaxOf } from './infer/source.ts';
import { descriptorsOf } from './options.ts';

type Callable = (...args: never[]) => unknown;

/**
 * Types of the events that an actor may tell its parent: those that its text spells out and the machine takes; all that the machine
 * takes, where it spells out none.
 */
export function relayedTypes(machine: AnyStateMachine, actor: Pick<ActorView, 'path' | 'src'>): readonly string[] {
  const family = familyOf(machine);
  const taken = family.flatMap(descriptorsOf).filter((type) => !type.startsWith('xstate.'));
  const written = logicsOf(family, actor).flatMap((logic) => {
    const { config } = (logic ?? {}) as { readonly config?: unknown };
    const syntax = typeof config === 'function' ? syntaxOf(config as Callable) : undefined;
    return syntax ? typesIn(syntax.body) : [];
  });
  const both = [...new Set(written)].filter((type) => taken.includes(type));
  return both.length > 0 ? both : [...new Set(taken)].filter((type) => !type.includes('*'));
}

function logicsOf(
  family: readonly AnyStateMachine[],
  { path, src }: Pick<ActorView, 'path' | 'src'>,
): readonly unknown[] {
  const id = path.split('/').at(-1);
  return family.flatMap((member) => [
    ...invocationsOf(member).flatMap((each) => (each.id === id || each.src === src ? [each.logic] : [])),
    ...(member.implementations.actors[src] === undefined ? [] : [member.implementations.actors[src]]),
  ]);
}

/** The texts that stand as `type` in a text's objects. */
function typesIn(node: AnyNode): readonly string[] {
  const own =
    node.type === 'Property' && !node.computed && keyText(node.key) === 'type' && node.value.type === 'Literal'
      ? [String(node.value.value)]
      : [];
  return [...own, ...childrenOf(node).flatMap(typesIn)];
}
