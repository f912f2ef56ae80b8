import type { TraceRecord } from '@synod/protocol';
import { expect, it } from 'vitest';
import { Hub, type Viewer } from '../src/server/hub.ts';
import { type World, withRecords } from '../src/world/world.ts';
import { frameIn, spawn, turn } from './support.ts';

const tell = (hub: Hub, ...records: TraceRecord[]): void =>
  hub.records(
    records,
    records.map((record) => JSON.stringify(record)),
  );

/** The present, as a page makes it of the frame that greets it. */
const present = ({ world, records }: Record<string, unknown>): World =>
  withRecords(world as World, (records ?? []) as TraceRecord[]);

/** A page whose connection is as slow as the test says. */
function viewer() {
  const frames: Record<string, unknown>[] = [];
  const page = { backlog: 0, send: (frame: string) => void frames.push(frameIn(frame)) };
  return { page: page as Viewer & { backlog: number }, frames };
}

it('a slow page is skipped until it has caught up, and then told how much it missed, and the world after it', () => {
  const hub = new Hub({ maxRecords: 10, controls: [] });
  const { page, frames } = viewer();
  hub.join(page);
  tell(hub, spawn('n1'));
  hub.flush();
  page.backlog = 1e9;
  for (let count = 1; count <= 5; count++) tell(hub, turn('n1', 'green', count));
  hub.flush();
  expect(frames.map(({ type }) => type)).toEqual(['world', 'records']);
  // It has taken something, and has much left.
  page.backlog = 4e6;
  hub.flush();
  expect(frames).toHaveLength(2);
  page.backlog = 0;
  hub.flush();
  expect(frames.slice(2)).toMatchObject([{ type: 'missed', count: 5 }]);
  expect(present(frames[2] ?? {})).toMatchObject({ n1: { actors: { 'light@n1': { context: { count: 5 } } } } });
});

it('what waits for a page is bounded, nothing is lost, and what is kept for others is bounded too', () => {
  const hub = new Hub({ maxRecords: 10, controls: [] });
  const { page, frames } = viewer();
  hub.join(page);
  tell(hub, spawn('n1'));
  for (let count = 1; count <= 12_000; count++) tell(hub, turn('n1', 'green', count));
  expect(frames.length).toBeGreaterThan(2);
  hub.flush();
  const records = frames.slice(1).flatMap((frame) => frame.records as TraceRecord[]);
  expect(records.map((record) => ('changed' in record ? record.changed.count : 0))).toEqual(
    Array.from({ length: 12_001 }, (_, at) => at),
  );
  const late = viewer();
  hub.join(late.page);
  const kept = (late.frames[0]?.records ?? []) as TraceRecord[];
  expect(kept.length).toBeLessThanOrEqual(20);
  expect(present(late.frames[0] ?? {})).toEqual(hub.world);
});

it('a page that has left gets nothing', () => {
  const hub = new Hub({ maxRecords: 10, controls: [] });
  const { page, frames } = viewer();
  hub.join(page);
  hub.leave(page);
  tell(hub, spawn('n1'));
  hub.flush();
  expect(frames).toHaveLength(1);
});
