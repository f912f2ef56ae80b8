import { describeError, isSynodError, SynodError } from '@synod/protocol';
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import { parseJson } from '../json.ts';
import { type ControlFrame, controlFrame, tookFrame } from '../world/control-frame.ts';
import type { ServerFrame } from '../world/wire.ts';
import { type Controls, deedOf } from './controls.ts';
import { type Hub, remark, type Viewer } from './hub.ts';

/** Seats a page at the hub and carries out what its person asks for, if that person may act. */
export function acceptPage(socket: WebSocket, hub: Hub, controls: Controls | undefined, mayAct: boolean): void {
  let untaken = 0;
  const viewer: Viewer = {
    mayAct,
    send(frame) {
      untaken += frame.length;
      // Browsers take binary frames in less time than text.
      socket.send(frame, { binary: true });
    },
    get backlog() {
      return Math.max(untaken, socket.bufferedAmount);
    },
  };
  hub.join(viewer);
  socket.on('close', () => hub.leave(viewer));
  socket.on('message', (data) => {
    const said = parseJson(data.toString());
    const took = v.safeParse(tookFrame, said);
    if (took.success) {
      untaken = Math.max(0, untaken - took.output.length);
      return;
    }
    const frame = v.safeParse(controlFrame, said);
    if (!frame.success) return socket.close(4400, 'FRAME_INVALID: a page asks for controls, or tells what it took.');
    void carryOut(frame.output, hub, controls, mayAct).then((result) => socket.send(JSON.stringify(result)));
  });
}

async function carryOut(
  frame: ControlFrame,
  hub: Hub,
  controls: Controls | undefined,
  mayAct: boolean,
): Promise<ServerFrame> {
  const { id } = frame;
  try {
    if (controls && !mayAct) throw forbidden();
    const { nodes, text, act } = deedOf(frame, controls, hub.world);
    for (const node of nodes) hub.note(remark(node, 'CONTROL', `${text} by a person at the inspector`));
    await act();
    return { type: 'result', id, ok: true };
  } catch (error) {
    const code = isSynodError(error) ? error.code : 'CONTROL_FAILED';
    return { type: 'result', id, ok: false, code, message: describeError(error) };
  }
}

const forbidden = (): SynodError =>
  new SynodError(
    'CONTROL_FORBIDDEN',
    'This page was opened to look on; ask who runs the inspector for an address that permits faults.',
  );
