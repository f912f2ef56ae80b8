import { describe, expect, it } from 'vitest';
import { check, ModelBrowser } from '../src/index.ts';
import { ear, heard, mouth, property, roles, talk } from './support.ts';

const never = property('always', 'no 2', (nodes) => !heard(nodes).includes('2'));
const soon = property('sometimes', 'heard', (nodes) => heard(nodes) === '1');
const grows = { name: 'grows', source: 'this test', kind: 'step' as const, holds: () => false };

const texts = (browser: ModelBrowser, run: Parameters<ModelBrowser['choices']>[0], steps: number) =>
  browser.choices(run, steps).choices.map(({ text }) => text);

/** Takes, one after the other, the choices with these words. */
function walked(browser: ModelBrowser, ...words: readonly string[]) {
  return words.reduce((run, wanted) => {
    const { choices } = browser.choices(run, run.actions.length);
    return browser.take(run, run.actions.length, choices.find(({ text }) => text === wanted)?.id ?? wanted);
  }, browser.start);
}

const [FIRST, SECOND] = ['mouth@a takes say{nth:0}', 'mouth@a takes say{nth:1}'] as const;

describe('browsing a model', () => {
  it('tells what may happen next, and takes it; an earlier run stays as it was', () => {
    const browser = new ModelBrowser(talk(2, [never]), roles);
    expect(texts(browser, browser.start, 0)).toEqual([FIRST, SECOND]);
    const one = walked(browser, SECOND);
    expect(texts(browser, one, 1)).toEqual(['ear@b receives Word{number:1} from mouth@a', FIRST]);
    const two = browser.take(one, 0, browser.choices(one, 0).choices[0]?.id ?? '');
    expect(browser.tell(two).steps.map(({ text }) => text)).toEqual([FIRST]);
    expect(browser.tell(one).steps.map(({ text }) => text)).toEqual([SECOND]);
    expect(browser.tell(one).trace.slice(0, 2)).toEqual(browser.tell(browser.start).trace);
  });

  it('offers the same choices by the same names however often it is asked, crashes within a step among them', () => {
    const members = [
      { address: mouth, role: 'saying', input: { to: [ear, 'ear@c'] } },
      { address: ear, role: 'hearing' },
      { address: 'ear@c' as const, role: 'hearing' },
    ];
    const browser = new ModelBrowser(talk(2, [never], { members, faults: { crashes: 1 } }), roles);
    const { choices } = browser.choices(browser.start, 0);
    expect(choices.filter(({ action }) => action === 'cutShort')).toHaveLength(4);
    expect(browser.choices(browser.start, 0).choices).toEqual(choices);
    for (const { id, text } of choices)
      expect(browser.tell(browser.take(browser.start, 0, id)).steps.map((step) => step.text)).toEqual([text]);
  });

  it('refuses what cannot happen there, and a step that is not', () => {
    const browser = new ModelBrowser(talk(1, [never]), roles);
    expect(() => browser.take(browser.start, 0, 'deliver.1.7.0')).toThrow(/CHOICE_UNKNOWN|cannot happen here/);
    expect(() => browser.choices(browser.start, 3)).toThrow('The run has 0 steps');
  });

  it('ends where nothing more can happen, and at the bounds of the model', () => {
    const browser = new ModelBrowser(talk(1, [never]), roles);
    const run = walked(browser, FIRST, 'ear@b receives Word{number:1} from mouth@a');
    expect(browser.choices(run, 2)).toEqual({ choices: [], ended: 'Nothing more can happen.' });
    const bounded = new ModelBrowser(talk(1, [never], { within: (nodes) => heard(nodes) === '' }), roles);
    const out = walked(bounded, FIRST, 'ear@b receives Word{number:1} from mouth@a');
    expect(bounded.choices(out, 2).ended).toMatch(/outside the bounds/);
  });

  it('walks at random, the same way with the same seed', () => {
    const browser = new ModelBrowser(talk(4, [never]), roles);
    const walk = (seed: number) =>
      browser.tell(browser.walk(browser.start, 0, { count: 6, seed })).steps.map(({ text }) => text);
    expect(walk(3)).toEqual(walk(3));
    expect(new Set([1, 2, 3, 4, 5].map((seed) => walk(seed).join())).size).toBeGreaterThan(1);
    expect(walk(1)).toHaveLength(6);
    expect(browser.walk(browser.start, 0, { count: 100, seed: 1 }).actions).toHaveLength(8);
  });

  it('goes to a shortest counterexample, as long as that of the checker', () => {
    const browser = new ModelBrowser(talk(3, [soon, never]), roles);
    const found = browser.counterexample();
    const { trace } = check(talk(3, [never]), roles).properties[0] ?? {};
    expect(found?.property).toBe('no 2');
    expect(found && browser.tell(found.run).steps).toHaveLength(trace?.steps.length ?? -1);
    expect(new ModelBrowser(talk(1, [soon, never]), roles).counterexample()).toBeUndefined();
    expect(new ModelBrowser(talk(1, [grows]), roles).counterexample()?.property).toBe('grows');
  });
});

describe('the graph of a model', () => {
  it('has each world once, with its depth and what is broken in it, and all that leads from one to another', () => {
    const configuration = talk(2, [never]);
    const browser = new ModelBrowser(configuration, roles);
    const { states, edges } = browser.graph(300);
    expect(states).toHaveLength(check(configuration, roles).distinct);
    expect(states[0]).toEqual({ depth: 0, broken: [], outside: false });
    expect(states.some(({ broken }) => broken.includes('no 2'))).toBe(true);
    for (const { from, to } of edges)
      expect(states[to]?.depth).toBeLessThanOrEqual((states[from]?.depth ?? Number.NaN) + 1);
    const reached = new Set(edges.map(({ to }) => to));
    expect(states.slice(1).every((_, index) => reached.has(index + 1))).toBe(true);
  });

  it('knows the world of a run, and the shortest run to a world', () => {
    const browser = new ModelBrowser(talk(3, [never]), roles);
    expect(browser.stateOf(browser.start, 0)).toBeUndefined();
    const { states } = browser.graph(300);
    for (const [state, { depth }] of states.entries()) {
      const run = browser.visit(state);
      expect(run.actions).toHaveLength(depth);
      expect(browser.stateOf(run, depth)).toBe(state);
    }
    expect(() => browser.visit(states.length)).toThrow('no state');
  });

  it('is refused above a number of states', () => {
    expect(() => new ModelBrowser(talk(6, [never]), roles).graph(5)).toThrow(/more than 5 states/);
  });
});

describe('the tracks of a run', () => {
  it('tell from which step on each property holds', () => {
    const { trace } = check(talk(3, [never, soon, grows]), roles).properties[0] ?? {};
    expect(trace?.tracks.map(({ name, changes }) => [name, changes])).toEqual([
      [
        'no 2',
        [
          [0, true],
          [3, false],
        ],
      ],
      ['heard', [[0, false]]],
      [
        'grows',
        [
          [0, true],
          [1, false],
        ],
      ],
    ]);
  });
});
