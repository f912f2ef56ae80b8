import { describeError } from '@synod/protocol';
import type { WebSocket } from 'ws';
import { parseJson } from '../json.ts';
import { frameOf } from '../world/lines.ts';
import type { ServerFrame } from '../world/wire.ts';
import type { Lab } from './lab.ts';
import { LabSession } from './lab-session.ts';
import { type Recording, recordingFrames } from './recording.ts';

/** Bytes that may wait for a page before a recording holds on. */
const MAX_AHEAD_BYTES = 8 * 1024 * 1024;

/** Shows a recording to a page, and lets its person work in the lab, if there is one; the recording is its first run. */
export function acceptViewer(socket: WebSocket, recording: Recording, lab: Lab | undefined): void {
  const projector = new Projector(socket);
  projector.show(recording);
  if (!lab) return;
  const { about, unit } = recording;
  const session = new LabSession(lab, {
    send: (frame) => socket.send(frameOf(frame)),
    show: ({ records, verdict, verdicts }) =>
      projector.show({
        records,
        about,
        ...(unit && { unit }),
        ...(verdict !== undefined && { verdict }),
        ...(verdicts && { verdicts }),
      }),
  });
  socket.on('message', (data) => {
    if (!session.take(parseJson(data.toString())))
      socket.close(4400, 'FRAME_INVALID: this page sends lab frames only.');
  });
}

/** Sends recordings as fast as the page takes them, each in the place of the one before. */
class Projector {
  readonly #socket: WebSocket;
  #showing = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  show(recording: Recording): void {
    void this.#send(recording, ++this.#showing);
  }

  async #send(recording: Recording, turn: number): Promise<void> {
    const socket = this.#socket;
    try {
      for await (const frame of recordingFrames(recording)) {
        if (turn !== this.#showing || socket.readyState !== socket.OPEN) return;
        const sent = new Promise<void>((resolve) => socket.send(frame, () => resolve()));
        if (socket.bufferedAmount > MAX_AHEAD_BYTES) await sent;
      }
    } catch (error) {
      // A file may have gone while it was read.
      const frame: ServerFrame = { type: 'end', trouble: describeError(error) };
      socket.send(frameOf(frame));
    }
  }
}
