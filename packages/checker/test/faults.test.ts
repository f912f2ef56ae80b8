import { inRole, type NodeView } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import { ear, heard, mouth, property, talk, verdict } from './support.ts';

const said = (nodes: readonly NodeView[]) =>
  inRole<{ readonly last: number }>(nodes, 'saying').reduce((sum, { context }) => sum + context.last, 0);
const isUp = (nodes: readonly NodeView[], actor: string) => nodes.find((node) => node.actor === actor)?.up;

describe('crashes', () => {
  const crashes = { faults: { crashes: 1 } };

  it.each([
    ['durable fields survive', property('always', 'kept', (nodes) => heard(nodes) === '' || said(nodes) > 0), 'holds'],
    [
      'all others are lost',
      property('sometimes', 'forgotten', (nodes) => said(nodes) === 2 && !isUp(nodes, ear)),
      'holds',
    ],
    [
      'a step that was written may not have spoken',
      property('sometimes', 'mute', (nodes) => said(nodes) === 1 && !isUp(nodes, mouth)),
      'holds',
    ],
    [
      'one that is down starts again at last',
      property('eventually', 'up', (nodes) => said(nodes) === 2 && nodes.every(({ up }) => up)),
      'holds',
    ],
    [
      'a word may be lost with the step that wrote it',
      property('eventually', 'heard', (nodes) => heard(nodes) !== ''),
      'violated',
    ],
  ])('%s', (_, promised, expected) => {
    expect(verdict(talk(2, [promised], crashes)).verdict).toBe(expected);
  });

  it('spare the stable, and do not end without restarts', () => {
    const down = property('sometimes', 'down', (nodes) => !isUp(nodes, mouth));
    const stable = talk(1, [down], crashes);
    const members = stable.members.map((member) => ({ ...member, stable: true }));
    expect(verdict({ ...stable, members }).verdict).toBe('violated');
    const up = property('eventually', 'up', (nodes) => nodes.every((node) => node.up) && said(nodes) > 0);
    expect(verdict(talk(1, [up], { faults: { crashes: 1, restarts: false } })).verdict).toBe('violated');
  });
});
