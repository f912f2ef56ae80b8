import { expect, it } from 'vitest';
import { Hub, type Viewer } from '../src/server/hub.ts';
import { spawn, turn } from './support.ts';

/** A page whose connection is as slow as the test says. */
function viewer() {
  const frames: Record<string, unknown>[] = [];
  const page = { backlog: 0, send: (frame: string) => void frames.push(JSON.parse(frame)) };
  return { page: page as Viewer & { backlog: number }, frames };
}

it('a slow page is skipped, told how much it missed, and shown the world anew', () => {
  const hub = new Hub({ maxRecords: 10, controls: [] });
  const { page, frames } = viewer();
  hub.join(page);
  hub.record(spawn('n1'));
  hub.flush();
  page.backlog = 1e9;
  for (let count = 1; count <= 5; count++) hub.record(turn('n1', 'green', count));
  hub.flush();
  expect(frames.map(({ type }) => type)).toEqual(['world', 'records']);
  page.backlog = 0;
  hub.flush();
  expect(frames.slice(2)).toMatchObject([
    { type: 'records', skipped: 5, records: [] },
    { type: 'world', world: { n1: { actors: { 'light@n1': { context: { count: 5 } } } } } },
  ]);
});

it('what waits for a page is bounded, and so is what is kept', () => {
  const hub = new Hub({ maxRecords: 10, controls: [] });
  const { page, frames } = viewer();
  hub.join(page);
  hub.record(spawn('n1'));
  for (let count = 1; count <= 30_000; count++) hub.record(turn('n1', 'green', count));
  hub.flush();
  const [, records, world] = frames as { records: unknown[]; skipped: number }[];
  expect((records?.records.length ?? 0) + (records?.skipped ?? 0)).toBe(30_001);
  expect(records?.records).toHaveLength(20_000);
  expect(world?.records).toHaveLength(10);
});

it('a page that has left gets nothing', () => {
  const hub = new Hub({ maxRecords: 10, controls: [] });
  const { page, frames } = viewer();
  hub.join(page);
  hub.leave(page);
  hub.record(spawn('n1'));
  hub.flush();
  expect(frames).toHaveLength(1);
});
