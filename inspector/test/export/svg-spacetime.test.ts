import { isSynodError, type TraceRecord } from '@synod/protocol';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { chartStyles } from '../../src/chart/index.ts';
import { type SvgSpacetimeOptions, select, svgSpacetime } from '../../src/export/index.ts';
import { themeValues } from '../../src/theme.ts';
import { NAMES, traceOfNames, traces } from './traces.ts';

const css = await chartStyles();
const picture = (records: Iterable<TraceRecord>, options: Partial<SvgSpacetimeOptions> = {}) =>
  svgSpacetime(records, { theme: 'light', css, ...options });

/** The texts of a picture, and where they stand, as a strict reader of XML finds them. */
function read(svg: string) {
  const size = { width: 0, height: 0 };
  const texts: { readonly text: string; readonly x: number; readonly y: number }[] = [];
  let open: { x: number; y: number } | undefined;
  let text = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => expect.fail(error.message));
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'svg') Object.assign(size, { width: Number(attributes.width), height: Number(attributes.height) });
    if (name !== 'text') return;
    const [, x, y] = /translate\((\S+) (\S+)\)/.exec(String(attributes.transform)) ?? [];
    open = { x: Number(attributes.x ?? x), y: Number(attributes.y ?? y) };
    text = '';
  });
  parser.on('text', (more) => {
    text += more;
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'text' && open) texts.push({ text, ...open });
  });
  parser.write(svg).close();
  return { size, texts };
}

const within = select(traces.raft as readonly TraceRecord[], { to: { record: 900 }, present: true });

describe('a run as a picture of space and time', () => {
  it.each(['order', 'time', 'busy'] as const)('needs nothing beside it, and keeps within its size (%s)', (axis) => {
    for (const theme of ['light', 'dark'] as const) {
      const svg = picture(within, { axis, theme });
      expect(svg).not.toMatch(/var\(|url\((?!#)|href=|<style|-0 ms/);
      expect(svg).toContain(`fill="${themeValues(css, theme).get('--panel')}"`);
      const { size, texts } = read(svg);
      expect(texts.filter(({ x, y }) => x < 0 || y < 0 || x > size.width || y > size.height)).toEqual([]);
      expect(texts.length).toBeGreaterThan(50);
    }
  });

  it('has a lane for each node or actor, states beside the lanes, and types beside the messages', () => {
    const records = [...within];
    for (const by of ['node', 'actor'] as const) {
      const names = new Set(records.map((record) => (by === 'node' ? record.node : 'actor' in record && record.actor)));
      const words = read(picture(records, { by })).texts.map(({ text }) => text);
      for (const name of names) if (name) expect(words).toContain(name);
      for (const text of ['follower', 'candidate', 'RequestVote', 'RequestVoteReply']) expect(words).toContain(text);
    }
  });

  it('counts steps where a run has no time', () => {
    const words = (unit: 'ms' | 'step') => read(picture(within, { unit })).texts.map(({ text }) => text);
    expect(words('ms').filter((text) => / ms$/.test(text)).length).toBeGreaterThan(5);
    expect(words('step').filter((text) => / ms$/.test(text))).toEqual([]);
  });

  it('is the same every time, and grows with what happens', () => {
    const few = select(within, { to: { record: 200 } });
    expect(picture(few)).toBe(picture(few));
    expect(read(picture(within)).size.height).toBeGreaterThan(2 * read(picture(few)).size.height);
  });

  it.each(Object.keys(traces))('refuses what is too long, and tells how much is not (%s)', (name) => {
    const records = traces[name] as readonly TraceRecord[];
    const fitsIn = (count: number): number | undefined => {
      try {
        picture(records.slice(0, count), { events: 300 });
        return undefined;
      } catch (error) {
        if (!isSynodError(error, 'EXPORT_TOO_LONG')) throw error;
        expect(error.message).toMatch(/more than 300 events; \d+ of the records fit: choose fewer/);
        return (error.details as { readonly fits: number }).fits;
      }
    };
    const fits = fitsIn(records.length) as number;
    expect(fitsIn(fits)).toBeUndefined();
    expect(fitsIn(fits + 1)).toBe(fits);
  });

  it('shows names that are markup, or no XML at all, as text', () => {
    const svg = picture(traceOfNames(NAMES));
    expect(svg).not.toMatch(/<script|<br/);
    expect(Buffer.from(svg).toString()).toBe(svg);
    expect(read(svg).texts.map(({ text }) => text)).toContain('<br/>');
  });
});
