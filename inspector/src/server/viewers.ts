import type { WebSocket } from 'ws';
import type { Lab } from './lab.ts';
import { LabSession } from './lab-session.ts';
import { parse } from './pages.ts';
import { type Recording, RecordingFrames } from './recording.ts';

/** A lab, and the recording that is its first run. */
export interface ViewerLab {
  readonly lab: Lab;
  readonly recording: Recording;
}

/** Shows a recording to a page, and lets its person work in the lab, if there is one. */
export function acceptViewer(socket: WebSocket, recording: RecordingFrames, viewer: ViewerLab | undefined): void {
  for (const frame of recording.frames) socket.send(frame);
  if (!viewer) return;
  const { about, unit } = viewer.recording;
  const session = new LabSession(viewer.lab, {
    send: (frame) => socket.send(JSON.stringify(frame)),
    show: ({ records, verdict, verdicts }) => {
      const shown: Recording = {
        records,
        about,
        ...(unit && { unit }),
        ...(verdict !== undefined && { verdict }),
        ...(verdicts && { verdicts }),
      };
      for (const frame of new RecordingFrames(shown).frames) socket.send(frame);
    },
  });
  socket.on('message', (data) => {
    if (!session.take(parse(data.toString()))) socket.close(4400, 'FRAME_INVALID: this page sends lab frames only.');
  });
}
