import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, it, type TestContext, vi } from 'vitest';
import { below, statesOf } from '../../src/export/chart-parts.ts';
import { mermaidChart, mermaidSequence, select } from '../../src/export/index.ts';
import { triggerText } from '../../src/export/text.ts';
import { useBrowser } from '../support/browser.ts';
import { chartOfNames, charts, count, NAMES, traceOfNames, traces } from './traces.ts';

// The very program that reads these diagrams, in the browser that it is made for.

// Mermaid takes its time, above all where other tests take the processor.
vi.setConfig({ testTimeout: 90_000 });

const open = useBrowser();
const MERMAID = createRequire(import.meta.url).resolve('@mermaid-js/tiny/dist/mermaid.tiny.js');

// With EXPORTS=long, all of them.
const CHARTS = Object.entries(charts).filter(
  ([name]) => process.env.EXPORTS === 'long' || ['raft server', 'parallel', 'hostile names'].includes(name),
);

/** A state, a transition or a note as Mermaid has read it. */
interface Statement {
  readonly stmt: string;
  readonly id?: string;
  readonly type?: string;
  readonly description?: string;
  readonly note?: { readonly text: string };
  readonly doc?: readonly Statement[];
}

interface Read {
  readonly error?: string;
  readonly statements: readonly Statement[];
  readonly messages: readonly { readonly message: string; readonly type: number }[];
  readonly actors: readonly string[];
  /** Of the drawing. */
  readonly text: string;
  readonly scripts: number;
}

async function mermaid(context: TestContext): Promise<(text: string, draw?: boolean) => Promise<Read>> {
  const { page } = await open(context, 'about:blank');
  await page.addScriptTag({ path: MERMAID });
  return (text, draw = true) => read(page, text, draw);
}

/** Parses, and draws if asked to. */
const read = (page: Page, text: string, draw: boolean): Promise<Read> =>
  page.evaluate(
    async ([source, isDrawn]) => {
      // biome-ignore-start lint/suspicious/noExplicitAny: Mermaid's data has no types.
      const library = (globalThis as any).mermaid;
      library.initialize({ startOnLoad: false, securityLevel: 'strict', maxTextSize: 500_000 });
      const decoded = (label: unknown): string => {
        const box = document.createElement('textarea');
        box.innerHTML = String(label).replaceAll('ﬂ°°', '&#').replaceAll('ﬂ°', '&').replaceAll('¶ß', ';');
        return box.value;
      };
      const inside = (statements: readonly any[]): Statement[] =>
        statements.flatMap((each): Statement[] => [
          {
            ...each,
            description: each.description
              ?.split(/<br ?\/?>/)
              .map(decoded)
              .join('\n'),
          },
          ...(each.note ? [{ stmt: 'note', description: decoded(each.note.text) }] : []),
          ...inside(each.doc ?? []),
        ]);
      try {
        await library.parse(source);
        const { db } = await library.mermaidAPI.getDiagramFromText(source);
        const { svg } = isDrawn ? await library.render('drawing', source) : { svg: '' };
        const box = document.createElement('div');
        box.innerHTML = svg;
        const scripts = box.querySelectorAll('script').length;
        for (const style of box.querySelectorAll('style')) style.remove();
        return {
          statements: inside(db.rootDoc ?? []),
          messages: (db.getMessages?.() ?? []).map((each: any) => ({ ...each, message: decoded(each.message) })),
          actors: db.getActors ? [...db.getActors().values()].map((each: any) => decoded(each.description)) : [],
          text: box.textContent ?? '',
          scripts,
        };
        // biome-ignore-end lint/suspicious/noExplicitAny: as above.
      } catch (error) {
        return { error: String(error), statements: [], messages: [], actors: [], text: '', scripts: 0 };
      }
    },
    [text, draw] as const,
  );

/** A text as a label has it: one line, without control characters. */
const oneLine = (text: string): string =>
  text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim() || '(empty)';

/** Mermaid's numbers for what stands in a sequence diagram. */
const [ARROW, NOTE, LOST] = [0, 2, 3];

describe('Mermaid reads and draws the chart', () => {
  for (const [name, chart] of CHARTS) {
    it(`${name}, with all its states and transitions`, async (context) => {
      const parse = await mermaid(context);
      const isDrawn = chart.root.kind === 'parallel' || chart.root.states.length === 0;
      const expected = [...(isDrawn ? statesOf(chart) : below(chart.root))];
      const led = expected.flatMap(({ transitions }) => transitions.flatMap(({ targets }) => targets));
      const whole = await parse(mermaidChart(chart));
      const compact = await parse(mermaidChart(chart, { detail: 'compact' }));
      for (const { error, statements, text, scripts } of [whole, compact]) {
        expect(error).toBeUndefined();
        const ids = statements.flatMap(({ stmt, id, type }) =>
          stmt === 'state' && id !== undefined && type === 'default' ? [id] : [],
        );
        expect(new Set(ids).size).toBe(expected.length);
        const told = [...labels(statements), ...notes(statements)];
        expect(labels(statements).length).toBeLessThanOrEqual(led.length);
        for (const { transitions } of expected)
          for (const transition of transitions.filter(({ targets }) => targets.length > 0))
            expect(told).toContainEqual(expect.stringContaining(oneLine(triggerText(transition))));
        for (const { key } of expected) expect(text).toContain(oneLine(key));
        expect(scripts).toBe(0);
      }
      for (const { entry, exit } of expected)
        for (const action of [...entry, ...exit])
          expect(notes(whole.statements)).toContainEqual(expect.stringContaining(oneLine(action)));
    });
  }

  it('with every event, guard and action as it is, whatever it is called', async (context) => {
    const parse = await mermaid(context);
    for (const name of NAMES) {
      const { error, statements } = await parse(mermaidChart(chartOfNames([name, 'other'])), false);
      expect(error, name).toBeUndefined();
      expect(labels(statements)).toContain(`${oneLine(`${name} [${name}]`)} / ${oneLine(name)}`);
    }
  });
});

/** What stands on the arrows, a line each. */
const labels = (statements: readonly Statement[]): string[] =>
  statements.flatMap(({ stmt, description }) => (stmt === 'relation' && description ? description.split('\n') : []));

/** The lines of all notes. */
const notes = (statements: readonly Statement[]): string[] =>
  statements.flatMap(({ stmt, description }) =>
    stmt === 'note' && description ? description.split('\n').map((line) => line.trim()) : [],
  );

describe('Mermaid reads and draws the sequence', () => {
  for (const [name, all] of Object.entries(traces)) {
    it(`of ${name}, with all its messages and losses`, async (context) => {
      const parse = await mermaid(context);
      const first = all.findIndex((record) => record.type === 'receive' && record.from !== undefined);
      const records = [...select(all, { from: { record: first }, to: { record: first + 200 } })];
      const { error, messages, actors } = await parse(mermaidSequence(records));
      expect(error).toBeUndefined();
      const taken = records.filter((record) => record.type === 'receive' && record.from !== undefined);
      const lost = records.filter((record) => record.type === 'drop' && record.from !== undefined);
      expect(taken.length + lost.length).toBeGreaterThan(10);
      expect(messages.filter(({ type }) => type === ARROW)).toHaveLength(taken.length);
      expect(messages.filter(({ type }) => type === LOST)).toHaveLength(lost.length);
      expect(messages.filter(({ type }) => type === NOTE).length).toBeGreaterThanOrEqual(count(records, 'crash'));
      expect(new Set(actors).size).toBe(actors.length);
    });
  }

  it('of nodes, in the place of actors', async (context) => {
    const parse = await mermaid(context);
    const records = [...select(traces.raft ?? [], { to: { record: 100 } })];
    const { error, actors } = await parse(mermaidSequence(records, { by: 'node' }));
    expect(error).toBeUndefined();
    expect(actors.toSorted()).toEqual([...new Set(records.map(({ node }) => node))].sort());
  });

  it('of actors and messages that are called whatever they like', async (context) => {
    const parse = await mermaid(context);
    const records = traceOfNames(NAMES);
    const { error, messages, actors, text, scripts } = await parse(mermaidSequence(records));
    expect(error).toBeUndefined();
    expect(messages.filter(({ type }) => type === ARROW)).toHaveLength(NAMES.length);
    expect(messages.filter(({ type }) => type === LOST)).toHaveLength(NAMES.length);
    for (const name of NAMES) {
      expect(actors).toContain(oneLine(`${name}@${name}`));
      expect(text).toContain(oneLine(name));
    }
    expect(scripts).toBe(0);
  });
});
