import { canonical } from '@synod/protocol';
import type { Action } from './search/path.ts';
import type { Actor } from './world/actor.ts';
import type { ActionKind } from './world/expansion.ts';
import type { World } from './world/world.ts';

/** What happens in a step of a model, for a person. */
export interface Wording {
  readonly action: ActionKind;
  /** The node on which it happens; empty for a partition and its end. */
  readonly node: string;
  readonly text: string;
}

/** An action in words. */
export function inWords(world: World, action: Action): Wording {
  const { kind, actor: index, event: number } = action;
  const actor = world.actors[index] as Actor;
  const said = (text: string, node = actor.node): Wording => ({ action: kind, node, text });
  switch (kind) {
    case 'crash':
      return said(`${actor.node} crashes`);
    case 'restart':
      return said(`${actor.node} starts again`);
    case 'heal':
      return said('the partition heals', '');
    case 'partition': {
      const side = [...(world.partitions[number] ?? [])];
      const others = world.nodes.filter((node) => !side.includes(node));
      return said(`a partition parts ${others.join(', ')} from ${side.join(', ')}`, '');
    }
    case 'drop':
    case 'lose': {
      const { message, from } = actor.event(number);
      return said(`${describe(message ?? {})} from ${from} to ${actor.address} is lost`);
    }
    default:
      return said(taking(actor, action));
  }
}

function taking(actor: Actor, { kind, event: number, sent, outcome }: Action): string {
  const { event, message, from } = actor.event(number);
  const what = message
    ? `${actor.address} receives ${describe(message)} from ${from}`
    : `${actor.address} takes ${describe(event)}`;
  if (outcome?.failure !== undefined) return `${what} and fails: ${outcome.failure}`;
  if (kind !== 'cutShort') return what;
  return `${what}, and its node crashes after ${bits(sent)} of its messages`;
}

/** A message or event in a line: its type, and its fields but those that the host adds. */
function describe(event: object): string {
  const { type, from: _, at: __, ...fields } = event as { type?: string; from?: unknown; at?: unknown };
  return `${type ?? 'something'}${Object.keys(fields).length > 0 ? canonical(fields).replaceAll('"', '') : ''}`;
}

/** How many bits are set. */
function bits(number: number): number {
  let count = 0;
  for (let rest = number; rest !== 0; rest &= rest - 1) count++;
  return count;
}
