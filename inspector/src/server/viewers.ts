import { describeError } from '@synod/protocol';
import type { WebSocket } from 'ws';
import { parseJson } from '../json.ts';
import { frameOf } from '../world/lines.ts';
import { type ServerFrame, WIRE_VERSION } from '../world/wire.ts';
import type { Lab } from './lab.ts';
import { LabSession } from './lab-session.ts';
import { type Recording, recordingHead } from './recording.ts';
import type { Recordings } from './recordings.ts';

/** Shows a recording to a page, and lets its person work in the lab, if there is one; the recording is its first run. */
export function acceptViewer(
  socket: WebSocket,
  recording: Recording,
  { recordings, lab }: { readonly recordings: Recordings; readonly lab: Lab | undefined },
): void {
  const projector = new Projector(socket, recordings);
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

/** Shows recordings to a page, each in the place of the one before. */
class Projector {
  readonly #socket: WebSocket;
  readonly #recordings: Recordings;
  #path = '';

  constructor(socket: WebSocket, recordings: Recordings) {
    this.#socket = socket;
    this.#recordings = recordings;
    socket.on('close', () => recordings.withdraw(this.#path));
  }

  show(recording: Recording): void {
    this.#recordings.withdraw(this.#path);
    const path = this.#recordings.offer(recording, (error) => {
      // A file may have gone while it was read.
      if (path === this.#path) this.#send({ type: 'trouble', text: describeError(error) });
    });
    this.#path = path;
    this.#send({ type: 'recording', version: WIRE_VERSION, head: recordingHead(recording), lines: path });
    // Before the records: a page that learnt of them afterwards would change its views under the eyes of its reader.
    if (recording.verdicts) this.#send({ type: 'verdicts', verdicts: recording.verdicts });
  }

  #send(frame: ServerFrame): void {
    this.#socket.send(frameOf(frame));
  }
}
