import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  describeLinkFault,
  isParted,
  type LinkFault,
  layLinkFault,
  liesOn,
  linkFaultSchema,
} from '../src/network-faults.ts';

const drop = (chance: number, from?: string[], to?: string[]): LinkFault => ({
  kind: 'drop',
  chance,
  ...(from && { from }),
  ...(to && { to }),
});

describe('faults on links', () => {
  it('one more of a kind on the same links takes the place of the first, on other links it adds to it', () => {
    const delay: LinkFault = { kind: 'delay', from: ['n1'], addMs: [1, 2] };
    const laid = [drop(0.1, ['n1', 'n2']), delay, drop(0.2, ['n2', 'n1']), drop(0.3, ['n1'])];
    expect(laid.reduce(layLinkFault, [] as readonly LinkFault[])).toEqual([
      delay,
      drop(0.2, ['n2', 'n1']),
      drop(0.3, ['n1']),
    ]);
  });

  it.each([
    { fault: drop(0.5), none: drop(0) },
    { fault: { kind: 'delay', addMs: [1, 5] }, none: { kind: 'delay', addMs: [0, 0] } },
  ] as { fault: LinkFault; none: LinkFault }[])('$none.kind of nothing takes it away', ({ fault, none }) => {
    expect(layLinkFault([fault], none)).toEqual([]);
  });

  it.each([
    [drop(1), 'n1', 'n2', true],
    [drop(1, ['n1']), 'n1', 'n2', true],
    [drop(1, ['n1']), 'n2', 'n1', false],
    [drop(1, undefined, ['n3']), 'n1', 'n2', false],
  ] as const)('%o from %s to %s: %s', (fault, from, to, lies) => {
    expect(liesOn(fault, from, to)).toBe(lies);
  });

  it.each([
    [[], 'n1', 'n2', false],
    [[['n1'], ['n2']], 'n1', 'n2', true],
    [[['n1', 'n2'], ['n3']], 'n1', 'n2', false],
    [[['n1'], ['n2']], 'n1', 'n9', false],
  ] as const)('groups %o part %s from %s: %s', (groups, a, b, parted) => {
    expect([isParted(groups, a, b), isParted(groups, b, a)]).toEqual([parted, parted]);
  });

  it.each([
    [drop(0.305, ['n1'], ['n2', 'n3']), 'drop 30.5 % from n1 to n2, n3'],
    [{ kind: 'delay', addMs: [200, 200] }, 'delay 200 ms from all to all'],
    [{ kind: 'delay', to: ['n1'], addMs: [1, 20] }, 'delay 1 to 20 ms from all to n1'],
    [{ kind: 'reorder', chance: 1, withinMs: 5 }, 'reorder 100 % within 5 ms from all to all'],
  ] as [LinkFault, string][])('%o reads as %s', (fault, text) => {
    expect(describeLinkFault(fault)).toBe(text);
  });

  it.each([
    { kind: 'drop', chance: 1.1 },
    { kind: 'drop', chance: Number.NaN },
    { kind: 'duplicate' },
    { kind: 'delay', addMs: [5, 1] },
    { kind: 'delay', addMs: [0, 60_001] },
    { kind: 'delay', addMs: [1] },
    { kind: 'drop', chance: 0.1, from: [] },
    { kind: 'drop', chance: 0.1, to: ['x'.repeat(129)] },
    { kind: 'drop', chance: 0.1, more: true },
    { kind: 'crash' },
  ])('what comes from outside as %o is refused', (fault) => {
    expect(v.safeParse(linkFaultSchema, fault).success).toBe(false);
  });
});
