import { describeLinkFault, type LinkFault, SynodError } from '@synod/protocol';
import type { ControlFrame } from '../world/control-frame.ts';
import {
  CONTROLS,
  type Control,
  controlOf,
  type Groups,
  type LinkControl,
  type NodeControl,
  type Skew,
} from '../world/controls.ts';
import type { World } from '../world/world.ts';

/** A fault of one kind that lies on links. */
type Laid = (fault: LinkFault) => Promise<void>;

/** What the embedder lets a person do; what is not there is not offered. Each rejects with a coded error when it cannot. */
export interface Controls
  extends Readonly<Partial<Record<NodeControl, (node: string) => Promise<void>> & Record<LinkControl, Laid>>> {
  /** Nodes that are in no group stay together, in one more. */
  partition?(groups: Groups): Promise<void>;
  heal?(): Promise<void>;
  skew?(node: string, skew: Skew): Promise<void>;
  /** Ends all that lies on the network and on clocks. */
  clear?(): Promise<void>;
}

/** The controls that an embedder offers. */
export const controlsOf = (controls: Controls | undefined): readonly Control[] =>
  CONTROLS.filter((control) => controls?.[control] !== undefined);

/** What a person asks for: what is to be done, to which nodes, and in words. */
export interface Deed {
  readonly nodes: readonly string[];
  readonly text: string;
  act(): Promise<void>;
}

/** @throws SynodError `CONTROL_UNAVAILABLE`, `NODE_UNKNOWN`. */
export function deedOf(frame: ControlFrame, controls: Controls | undefined, world: World): Deed {
  if (!controls)
    throw new SynodError('CONTROL_UNAVAILABLE', 'This inspector only looks on; it was started without controls.');
  const control = controlOf(frame);
  if (controls[control] === undefined)
    throw new SynodError('CONTROL_UNAVAILABLE', `What this inspector watches cannot be told to ${control}.`);
  const [nodes, text] = wording(frame, Object.keys(world));
  return { nodes, text, act: async () => carryOut(frame, controls) };
}

async function carryOut(frame: ControlFrame, controls: Controls): Promise<void> {
  switch (frame.control) {
    case 'partition':
      return controls.partition?.(frame.groups);
    case 'disturb':
      return controls[frame.fault.kind as LinkControl]?.(frame.fault);
    case 'skew':
      return controls.skew?.(frame.node, { rate: frame.rate, jumpMs: frame.jumpMs });
    case 'heal':
    case 'clear':
      return controls[frame.control]?.();
    default:
      return controls[frame.control]?.(frame.node);
  }
}

/** The nodes that something is done to, and what that is in words. @throws SynodError `NODE_UNKNOWN`. */
function wording(frame: ControlFrame, all: readonly string[]): readonly [nodes: readonly string[], text: string] {
  const known = (node: string): string => {
    if (!all.includes(node)) throw new SynodError('NODE_UNKNOWN', `There is no node "${node}".`);
    return node;
  };
  switch (frame.control) {
    case 'partition': {
      const groups = frame.groups.map((group) => group.map(known));
      return [all, `partition ${groups.map((group) => group.join(', ')).join(' | ')}`];
    }
    case 'disturb': {
      const { from = all, to = all } = frame.fault;
      return [[...new Set([...from, ...to].map(known))], describeLinkFault(frame.fault)];
    }
    case 'skew': {
      const jump = frame.jumpMs > 0 ? `, ${frame.jumpMs} ms ahead` : '';
      return [[known(frame.node)], `skew ${frame.node} to ${frame.rate} times the true speed${jump}`];
    }
    case 'heal':
    case 'clear':
      return [all, frame.control];
    default:
      return [[known(frame.node)], frame.control];
  }
}
