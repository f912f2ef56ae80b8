import { type CheckConfiguration, defineProtocol, type NodeView, type Roles } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { check } from '../src/index.ts';
import { property } from './support.ts';

const delays = { delays: { while: 10 } };

/** Goes round for ever. */
const wheel = setup(delays).createMachine({
  id: 'wheel',
  initial: 'up',
  states: { up: { after: { while: 'down' } }, down: { after: { while: 'up' } } },
});

/** Comes to an end. */
const candle = setup(delays).createMachine({
  id: 'candle',
  initial: 'burning',
  states: { burning: { after: { while: 'out' } }, out: {} },
});

const roles: Roles = {
  wheel: defineProtocol({ name: 'wheel', machine: wheel, messages: {} }),
  candle: defineProtocol({ name: 'candle', machine: candle, messages: {} }),
};

const value = (nodes: readonly NodeView[], role: string) => nodes.find((node) => node.role === role)?.value;

const model = (
  eventually: (nodes: readonly NodeView[]) => boolean,
  more: Partial<CheckConfiguration> = {},
): CheckConfiguration => ({
  members: [
    { address: 'wheel@a', role: 'wheel' },
    { address: 'candle@b', role: 'candle' },
  ],
  properties: [property('eventually', 'at last', eventually)],
  ...more,
});

const verdictOf = (configuration: CheckConfiguration) => check(configuration, roles).properties[0];

describe('eventually, under weak fairness', () => {
  it('a circle that starves an action that stays possible is no counterexample', () => {
    expect(verdictOf(model((nodes) => value(nodes, 'candle') === 'out'))?.verdict).toBe('holds');
  });

  it('a circle that takes every action is one, and is shown as a lasso', () => {
    const result = verdictOf(
      model((nodes) => value(nodes, 'candle') === 'out' && value(nodes, 'wheel') === 'elsewhere'),
    );
    expect(result?.verdict).toBe('violated');
    const { steps = [], cycleFrom = 0 } = result?.trace ?? {};
    const around = steps.slice(cycleFrom).map(({ node }) => node);
    expect(around.length).toBeGreaterThan(1);
    expect(new Set(around)).toEqual(new Set(['a']));
    expect(steps.slice(0, cycleFrom).filter(({ node }) => node === 'b')).toHaveLength(1);
  });

  it('an end without it is a counterexample, with nothing to repeat', () => {
    const alone = { members: [{ address: 'candle@b' as const, role: 'candle' }] };
    const result = verdictOf(model(() => false, alone));
    expect([result?.verdict, result?.trace?.steps.length, result?.trace?.cycleFrom]).toEqual(['violated', 1, 1]);
  });

  it('what happened once has happened', () => {
    expect(verdictOf(model((nodes) => value(nodes, 'wheel') === 'down'))?.verdict).toBe('holds');
  });

  it('a fault need not happen', () => {
    const down = model((nodes) => nodes.some(({ up }) => !up), { faults: { crashes: 1 } });
    expect(verdictOf(down)?.verdict).toBe('violated');
  });

  it('a path that was not explored is no pass', () => {
    const within = (nodes: readonly NodeView[]) => value(nodes, 'candle') !== 'out';
    expect(verdictOf(model((nodes) => value(nodes, 'wheel') === 'elsewhere', { within }))?.verdict).toBe('unknown');
  });

  it('an assumption of synchrony keeps a timer from firing', () => {
    const only = model((nodes) => value(nodes, 'candle') === 'out', {
      timerMayFire: ({ actor }) => actor === 'wheel@a',
    });
    expect(verdictOf(only)?.verdict).toBe('violated');
  });
});
