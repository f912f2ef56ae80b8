import { describeError, isSynodError, SynodError } from '@synod/protocol';
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import { parseJson } from '../json.ts';
import {
  type Control,
  type ControlFrame,
  controlFrame,
  type Groups,
  type NodeControl,
  type ServerFrame,
} from '../world/wire.ts';
import type { Hub, Viewer } from './hub.ts';

/** What the embedder lets a person do; what is not there is not offered. Each rejects with a coded error when it cannot. */
export interface Controls extends Readonly<Partial<Record<NodeControl, (node: string) => Promise<void>>>> {
  /** Nodes that are in no group stay together, in one more. */
  partition?(groups: Groups): Promise<void>;
  heal?(): Promise<void>;
}

const ALL: readonly Control[] = ['kill', 'restart', 'pause', 'resume', 'partition', 'heal'];

/** The controls that an embedder offers. */
export const controlsOf = (controls: Controls | undefined): readonly Control[] =>
  ALL.filter((control) => controls?.[control] !== undefined);

/** Seats a page at the hub and carries out what its person asks for. */
export function acceptPage(socket: WebSocket, hub: Hub, controls: Controls | undefined): void {
  const viewer: Viewer = {
    send: (frame) => socket.send(frame),
    get backlog() {
      return socket.bufferedAmount;
    },
  };
  hub.join(viewer);
  socket.on('close', () => hub.leave(viewer));
  socket.on('message', (data) => {
    const frame = v.safeParse(controlFrame, parseJson(data.toString()));
    if (!frame.success) return socket.close(4400, 'FRAME_INVALID: a page sends control frames only.');
    void carryOut(frame.output, hub, controls).then((result) => socket.send(JSON.stringify(result)));
  });
}

async function carryOut(frame: ControlFrame, hub: Hub, controls: Controls | undefined): Promise<ServerFrame> {
  const { id } = frame;
  try {
    const act = actOf(frame, controls);
    const [first, text] = wording(frame, hub);
    const note = `${text} by a person at the inspector`;
    if (first !== undefined) {
      hub.record({ seq: 0, at: 0, node: first, clock: {}, type: 'note', code: 'CONTROL', text: note });
    }
    await act();
    return { type: 'result', id, ok: true };
  } catch (error) {
    const code = isSynodError(error) ? error.code : 'CONTROL_FAILED';
    return { type: 'result', id, ok: false, code, message: describeError(error) };
  }
}

/** What is to be done, bound to what it is to be done to. @throws SynodError `CONTROL_UNAVAILABLE`. */
function actOf(frame: ControlFrame, controls: Controls | undefined): () => Promise<void> {
  if (!controls)
    throw new SynodError('CONTROL_UNAVAILABLE', 'This inspector only looks on; it was started without controls.');
  if (controls[frame.control] === undefined)
    throw new SynodError('CONTROL_UNAVAILABLE', `What this inspector watches cannot be told to ${frame.control}.`);
  return async () => {
    if (frame.control === 'partition') await controls.partition?.(frame.groups);
    else if (frame.control === 'heal') await controls.heal?.();
    else await controls[frame.control]?.(frame.node);
  };
}

/** What a person does in words, and the node whose trace has them. @throws SynodError `NODE_UNKNOWN`. */
function wording(frame: ControlFrame, hub: Hub): readonly [node: string | undefined, text: string] {
  const known = (node: string): string => {
    if (!hub.world[node]) throw new SynodError('NODE_UNKNOWN', `There is no node "${node}".`);
    return node;
  };
  if (frame.control === 'heal') return [Object.keys(hub.world)[0], 'heal'];
  if (frame.control !== 'partition') return [known(frame.node), frame.control];
  const groups = frame.groups.map((group) => group.map(known));
  return [groups[0]?.[0], `partition ${groups.map((group) => group.join(', ')).join(' | ')}`];
}
