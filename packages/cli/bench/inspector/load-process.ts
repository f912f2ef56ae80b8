import { once } from 'node:events';
import { encodeTrace, traceHeader } from '@synod/protocol';
import { WebSocket } from 'ws';
import { MadeUpNode } from './load.ts';

// A process that speaks for many nodes, as if they were elsewhere: so many records a second, with as little work as possible, since the page that is
// measured is on the same machine. It prints how many it made.

const [url = '', token = '', nodes = '100', rate = '20000', seconds = '60'] = process.argv.slice(2);
/** As often as a publisher sends at most. */
const FRAME_MS = 20;
const RECORDS_OF_A_STEP = 4;

const made = Array.from({ length: Number(nodes) }, (_, at) => new MadeUpNode(at + 1, Number(nodes)));
const sockets = await Promise.all(
  made.map(async (node) => {
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false });
    await once(socket, 'open');
    socket.send(`${encodeTrace(traceHeader({ node: node.node }))}\n${encodeTrace(node.spawn(performance.now()))}`);
    return socket;
  }),
);

const begun = performance.now();
const lengthMs = Number(seconds) * 1_000;
let count = made.length;
let turn = 0;
for (let now = begun; now - begun < lengthMs; now = performance.now()) {
  const frames = made.map(() => '');
  // So many as should be there by now: a tick that comes late has more to do.
  for (; count < made.length + ((now - begun) / 1_000) * Number(rate); count += RECORDS_OF_A_STEP) {
    const at = turn++ % made.length;
    frames[at] += (made[at] as MadeUpNode).lines(now, at);
  }
  for (const [at, frame] of frames.entries()) if (frame !== '') sockets[at]?.send(frame);
  await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
}
await Promise.all(
  sockets.map(async (socket) => {
    socket.close();
    await once(socket, 'close');
  }),
);
process.stdout.write(`${count}\n`);
process.exit(0);
