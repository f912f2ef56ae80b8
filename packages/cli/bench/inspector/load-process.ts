import { publishTrace } from '@synod/inspector/publisher';
import type { TraceRecord } from '@synod/protocol';
import { MadeUpNode } from './load.ts';

// A process with many nodes that publish so many records a second. It prints how many it made.

const [url = '', token = '', nodes = '100', rate = '20000', seconds = '60'] = process.argv.slice(2);
const TICK_MS = 10;

const made = Array.from({ length: Number(nodes) }, (_, at) => new MadeUpNode(at + 1, Number(nodes)));
const listeners = new Map<MadeUpNode, Set<(record: TraceRecord) => void>>();
const publishers = made.map((node) => {
  const heard = new Set<(record: TraceRecord) => void>();
  listeners.set(node, heard);
  return publishTrace({
    url,
    token,
    node: node.node,
    trace$: {
      subscribe(next) {
        next(node.spawn(performance.now()));
        heard.add(next);
        return { unsubscribe: () => void heard.delete(next) };
      },
    },
  });
});

const isEveryoneThere = () => [...listeners.values()].every(({ size }) => size > 0);
while (!isEveryoneThere()) await new Promise((resolve) => setTimeout(resolve, 50));

const begun = performance.now();
const lengthMs = Number(seconds) * 1_000;
let count = made.length;
let turn = 0;
for (let now = begun; now - begun < lengthMs; now = performance.now()) {
  // So many as should be there by now: a tick that comes late has more to do.
  while (count < made.length + ((now - begun) / 1_000) * Number(rate)) {
    const at = turn++ % made.length;
    const node = made[at] as MadeUpNode;
    for (const record of node.step(now, at)) {
      for (const listener of listeners.get(node) ?? []) listener(record);
      count++;
    }
  }
  await new Promise((resolve) => setTimeout(resolve, TICK_MS));
}
await Promise.all(publishers.map((publisher) => publisher.stop()));
process.stdout.write(`${count}\n`);
process.exit(0);
