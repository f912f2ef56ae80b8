import { chartOf } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { chartStyles, drawChart, type Look, svgOf } from '../src/chart/index.ts';
import { hostile, raftLike } from './support/machines.ts';

const css = await chartStyles();
const drawing = await drawChart(chartOf(raftLike));
const picture = (look: Partial<Look> = {}) => svgOf(drawing, { theme: 'dark', css, ...look });

/** Delays in that chart. */
const TIMERS = 3;

describe('the picture of a chart as a file', () => {
  it.each(['light', 'dark'] as const)(
    'needs nothing beside it: its style is in it, with the colours of the theme (%s)',
    (theme) => {
      const svg = picture({ theme });
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
      expect(svg).not.toMatch(/var\(|url\(|@import|<script|href=/);
      expect(svg.includes('#0d1117')).toBe(theme === 'dark');
      expect(svg.includes('#f5f7fa')).toBe(theme === 'light');
    },
  );

  it('has every state and every transition of the chart', () => {
    const svg = picture();
    for (const state of ['roles', 'roles.follower', 'roles.candidate', 'roles.leader'])
      expect(svg).toContain(`data-state="${state}"`);
    for (const text of ['follower', 'electionTimeout', '[hasMajority]', 'LeaseLost'])
      expect(svg).toContain(`>${text}</text>`);
  });

  it('shows what is going on, where it is told', () => {
    const svg = picture({
      active: ['roles.leader'],
      taken: ['roles.candidate#always[0]'],
      classes: new Map([['roles.leader#LeaseLost[0]', 'heat-3']]),
    });
    expect(svg).toMatch(
      /class="state atomic leaf active" data-state="roles.leader"|class="state atomic leaf active"[^>]*roles\.leader/,
    );
    expect(svg).toMatch(/class="edge transition taken"/);
    expect(svg).toMatch(/class="edge transition heat-3"/);
    expect(picture()).not.toMatch(/ active"| taken"| heat-/);
  });

  it.each(['outline', 'names', 'compact', 'full'] as const)(
    'has a ring for each timer, wherever there is room for it (%s)',
    async (detail) => {
      const small = await drawChart(chartOf(raftLike), { detail });
      const svg = svgOf(small, { theme: 'dark', css: '' });
      const timers = new Set([...svg.matchAll(/[\w.]+#xstate\.after\.[\w.]+\[\d\]/g)].map(([ref]) => ref));
      expect(timers.size).toBe(TIMERS);
      expect(svg.match(/class="ring/g)).toHaveLength(TIMERS);
    },
  );

  it('is the same every time', async () => {
    expect(svgOf(await drawChart(chartOf(raftLike)), { theme: 'dark', css })).toBe(picture());
  });

  it('shows names that are markup, or no XML at all, as text', async () => {
    const odd = chartOf(
      createMachine({ id: 'o', initial: 'a', states: { a: { on: { 'x\u0000\ud800<b>&"\'': 'b' } }, b: {} } }),
    );
    for (const chart of [chartOf(hostile), odd]) {
      const svg = svgOf(await drawChart(chart), { theme: 'light', css, label: '"><script>' });
      expect(svg).not.toMatch(/<img|<b>|<script/);
      expect(svg).not.toContain('\u0000');
      expect(Buffer.from(svg).toString()).toBe(svg);
    }
  });
});
