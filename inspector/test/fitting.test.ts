import { expect, it } from 'vitest';
import { detailFor } from '../page/views/charts/fitting.ts';
import type { Detail } from '../src/chart/drawing.ts';

const sizes: Readonly<Record<Detail, { readonly width: number; readonly height: number }>> = {
  names: { width: 300, height: 200 },
  outline: { width: 400, height: 300 },
  compact: { width: 800, height: 300 },
  full: { width: 1600, height: 600 },
};

it.each<[string, { readonly width: number; readonly height: number }, Detail]>([
  ['all of it in a window', { width: 1600, height: 900 }, 'full'],
  ['all of it as long as it can be read', { width: 1200, height: 900 }, 'full'],
  ['what lines are called in less', { width: 1000, height: 900 }, 'compact'],
  ['lines alone in less', { width: 400, height: 300 }, 'outline'],
  ['nothing that is too high', { width: 1600, height: 100 }, 'names'],
  ['names, if nothing can be read', { width: 50, height: 50 }, 'names'],
])('a chart shows %s', async (_, room, detail) => {
  expect(await detailFor(room, async (each) => sizes[each])).toBe(detail);
});

it('a chart is not laid out in more detail than its room could show', async () => {
  const drawn: Detail[] = [];
  await detailFor({ width: 100, height: 100 }, async (each) => {
    drawn.push(each);
    return sizes[each];
  });
  expect(drawn).toEqual(['outline']);
});
