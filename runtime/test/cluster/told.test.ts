import type { MemberChanged, TraceRecord } from '@synod/protocol';
import { expect, it } from 'vitest';
import { staged } from './support.ts';

it('who looks at the trace late is told, after the actors, how each member stands', async () => {
  const { node, hold } = await staged(['n1', 'n2', 'n3', 'n4']);
  for (const other of ['n2', 'n3', 'n4']) await hold(['n1'], other, 'alive');
  await hold(['n1'], 'n2', 'suspect');
  await hold(['n1'], 'n3', 'dead');
  const late: TraceRecord[] = [];
  node('n1')
    .system.trace$.subscribe((record) => late.push(record))
    .unsubscribe();
  const told = late.flatMap((record) => (record.type === 'emit' ? [record] : []));
  expect(late.slice(0, -told.length).every(({ type }) => type === 'spawn')).toBe(true);
  const standing = told.map(({ actor, event }) => [actor, (event as MemberChanged).member] as const);
  expect(standing.map(([actor, { node: name, status }]) => `${actor} ${name} ${status}`)).toEqual([
    'member@n1 n1 alive',
    'member@n1 n2 suspect',
    'member@n1 n4 alive',
    'member@n1 n3 dead',
  ]);
});
