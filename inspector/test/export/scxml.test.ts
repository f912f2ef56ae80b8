import { type Chart, chartOf } from '@synod/protocol';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { statesOf } from '../../src/export/chart-parts.ts';
import { scxml } from '../../src/export/index.ts';
import { chartOfNames, charts, NAMES } from './traces.ts';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly inside: Element[];
  readonly parent: Element | undefined;
}

/** A strict reader: whatever is not well-formed throws. */
function parse(text: string): Element {
  const parser = new SaxesParser({ xmlns: true });
  let root: Element | undefined;
  let open: Element | undefined;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const values = Object.fromEntries(Object.entries(attributes).map(([key, { value }]) => [key, value]));
    const element: Element = { name, attributes: values, inside: [], parent: open };
    open?.inside.push(element);
    root ??= element;
    open = element;
  });
  parser.on('closetag', () => {
    open = open?.parent;
  });
  parser.write(text).close();
  return root as Element;
}

const all = (element: Element): Element[] => [element, ...element.inside.flatMap(all)];
const STATES = ['state', 'parallel', 'final', 'history'];

/** Which elements may stand in which (https://www.w3.org/TR/scxml, section 3). */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  scxml: ['state', 'parallel', 'final'],
  state: ['onentry', 'onexit', 'transition', 'state', 'parallel', 'final', 'history', 'invoke'],
  parallel: ['onentry', 'onexit', 'transition', 'state', 'parallel', 'history', 'invoke'],
  final: ['onentry', 'onexit'],
  history: ['transition'],
  transition: ['synod:action'],
  onentry: ['synod:action', 'send'],
  onexit: ['synod:action', 'cancel'],
  send: [],
  cancel: [],
  invoke: [],
  'synod:action': [],
};

function expectValid(root: Element): void {
  const elements = all(root);
  expect(root.name).toBe('scxml');
  const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
  expect(new Set(ids).size, 'ids are unique').toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[A-Za-z_][A-Za-z0-9_-]*$/);
  const states = new Set(elements.filter(({ name }) => STATES.includes(name)).map(({ attributes }) => attributes.id));
  for (const { name, attributes, inside } of elements) {
    for (const child of inside) expect(INSIDE[name], `${child.name} in ${name}`).toContain(child.name);
    for (const id of [attributes.initial, attributes.target].flatMap((list) => list?.split(' ') ?? []))
      expect(states, `${name} leads to ${id}`).toContain(id);
    if (attributes.event !== undefined) expect(attributes.event).toMatch(/^[^\s.]+(\.[^\s.]+)*$/);
  }
  const sends = elements.filter(({ name }) => name === 'send').map(({ attributes }) => attributes.id);
  const cancels = elements.filter(({ name }) => name === 'cancel').map(({ attributes }) => attributes.sendid);
  expect(cancels).toEqual(sends);
}

const documentOf = (chart: Chart) => {
  const inexpressible: string[] = [];
  const text = scxml(chart, { onInexpressible: (what) => inexpressible.push(what) });
  return { root: parse(text), text, inexpressible };
};

const machineOf = (config: Parameters<typeof createMachine>[0]) => documentOf(chartOf(createMachine(config)));
const named = (root: Element, name: string): Element[] => all(root).filter((each) => each.name === name);

describe.each(Object.entries(charts))('the SCXML of %s', (_, chart) => {
  const { root, inexpressible } = documentOf(chart);

  it('is valid', () => expectValid(root));

  it('has every state, with its own name, kind and actions', () => {
    const written = all(root).filter(({ name }) => STATES.includes(name));
    const states = [...statesOf(chart)];
    expect(written).toHaveLength(states.length);
    for (const [index, { id, kind, entry, exit }] of states.entries()) {
      const { name, attributes, inside } = written[index] as Element;
      const wellFormed = id.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd');
      expect(attributes['synod:id'] ?? attributes.id).toBe(wellFormed);
      expect(name).toBe({ atomic: 'state', compound: 'state' }[kind as string] ?? kind);
      const actions = inside
        .filter((each) => ['onentry', 'onexit'].includes(each.name))
        .flatMap((each) => each.inside.filter((inner) => inner.name === 'synod:action'));
      expect(actions).toHaveLength(entry.length + exit.length);
    }
  });

  it('has every transition, or says which is left out', () => {
    const written = named(root, 'transition').filter(({ parent }) => parent?.name !== 'history');
    const transitions = [...statesOf(chart)].flatMap((state) => state.transitions);
    const leftOut = inexpressible.filter((what) => /no SCXML event|left out/.test(what));
    expect(written.length + leftOut.length).toBeGreaterThanOrEqual(transitions.length);
    expect(written.length).toBeLessThanOrEqual(transitions.length);
  });
});

describe('SCXML', () => {
  it('is well-formed whatever names are', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...NAMES)), {
          minLength: 1,
          maxLength: 6,
        }),
        (names) => expectValid(documentOf(chartOfNames(names)).root),
      ),
      { numRuns: 100 },
    );
  });

  it('has a delay as a sending on entry, which leaving cancels', () => {
    const { root } = machineOf({ initial: 'a', states: { a: { after: { patience: 'b', 500: 'b' } }, b: {} } });
    const sends = named(root, 'send').map(({ attributes }) => attributes);
    expect(sends).toContainEqual(expect.objectContaining({ delay: '500ms' }));
    expect(sends).toContainEqual(expect.objectContaining({ delayexpr: "delay('patience')" }));
    const events = named(root, 'transition').map(({ attributes }) => attributes.event);
    expect(events.toSorted()).toEqual(sends.map(({ event }) => event).toSorted());
  });

  it('has what stays within its state as internal, and what enters it anew as external', () => {
    const { root, inexpressible } = machineOf({
      initial: 'a',
      states: {
        a: {
          initial: 'x',
          on: { IN: '.y', ANEW: { target: '.y', reenter: true }, OWN: 'a', AGAIN: { target: 'a', reenter: true } },
          states: { x: {}, y: { on: { OWN: { target: 'y', actions: 'act' } } } },
        },
      },
    });
    const of = (event: string) => named(root, 'transition').filter(({ attributes }) => attributes.event === event);
    expect(of('IN')[0]?.attributes).toMatchObject({ type: 'internal', target: '_machine_-a-y' });
    expect(of('ANEW')[0]?.attributes.type).toBeUndefined();
    expect(of('OWN').map(({ attributes }) => attributes.target)).toEqual(['_machine_-a-x', undefined]);
    expect(of('AGAIN')[0]?.attributes).toMatchObject({ target: '_machine_-a' });
    expect(inexpressible).toEqual([]);
  });

  it('looks at wildcards last, as XState does', () => {
    const { root } = machineOf({ on: { '*': {}, 'a.*': {}, 'a.b.*': {}, 'a.b.c': {} } });
    const events = named(root, 'transition').map(({ attributes }) => attributes.event);
    expect(events).toEqual(['a.b.c', 'a.b.*', 'a.*', '*']);
  });

  it("has the ends of states and actors under SCXML's names, one word an id", () => {
    const { root } = machineOf({
      id: 'm',
      initial: 'a',
      states: {
        a: { initial: 'x', onDone: 'b', states: { x: { type: 'final' } } },
        b: { invoke: { id: 'job.one', src: 'work', onDone: 'a', onError: 'a' } },
      },
    });
    const events = named(root, 'transition').map(({ attributes }) => attributes.event);
    expect(events.toSorted()).toEqual(['done.invoke.job-one', 'done.state.m-a', 'error.platform.job-one']);
  });

  it.each([
    ['an event that others begin with', { on: { a: {}, 'a.b': {} } }, /a in SCXML is taken for a\.b/],
    ['an event of two words', { on: { 'two words': {} } }, /"two words", which no SCXML event is called/],
    [
      'a transition within a parallel state',
      { type: 'parallel', states: { r: { initial: 'x', states: { x: {} } } }, on: { E: '.r.x' } },
      /within the parallel state/,
    ],
  ] as const)('says, in a comment and to the caller, that it cannot say %s', (_, config, says) => {
    const { text, inexpressible } = machineOf(config as Parameters<typeof createMachine>[0]);
    expect(inexpressible.join('\n')).toMatch(says);
    expect(text).toContain('<!-- Not the same in SCXML: ');
  });
});
