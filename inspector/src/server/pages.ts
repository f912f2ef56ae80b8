import { describeError, isSynodError, SynodError } from '@synod/protocol';
import * as v from 'valibot';
import type { WebSocket } from 'ws';
import { type Control, type ControlFrame, controlFrame, type ServerFrame } from '../world/wire.ts';
import type { Hub, Viewer } from './hub.ts';

/** What the embedder lets a person do. Each rejects with a coded error when it cannot. */
export type Controls = Readonly<Record<Control, (node: string) => Promise<void>>>;

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
    const frame = v.safeParse(controlFrame, parse(data.toString()));
    if (!frame.success) return socket.close(4400, 'FRAME_INVALID: a page sends control frames only.');
    void carryOut(frame.output, hub, controls).then((result) => socket.send(JSON.stringify(result)));
  });
}

async function carryOut(
  { id, control, node }: ControlFrame,
  hub: Hub,
  controls: Controls | undefined,
): Promise<ServerFrame> {
  try {
    if (!controls)
      throw new SynodError('CONTROL_UNAVAILABLE', 'This inspector only looks on; it was started without controls.');
    if (!hub.world[node]) throw new SynodError('NODE_UNKNOWN', `There is no node "${node}".`);
    hub.record({
      seq: 0,
      at: 0,
      node,
      clock: {},
      type: 'note',
      code: 'CONTROL',
      text: `${control} by a person at the inspector`,
    });
    await controls[control](node);
    return { type: 'result', id, ok: true };
  } catch (error) {
    return {
      type: 'result',
      id,
      ok: false,
      code: isSynodError(error) ? error.code : 'CONTROL_FAILED',
      message: describeError(error),
    };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
