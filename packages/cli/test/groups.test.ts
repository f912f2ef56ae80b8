import { expect, it } from 'vitest';
import { completeGroups, readGroups } from '../src/launcher/groups.ts';

const NAMES = ['n1', 'n2', 'n3', 'n4', 'n5'];

it.each([
  { texts: ['n1,n2|n3'], groups: [['n1', 'n2'], ['n3']] },
  { texts: ['n1,n2', 'n3'], groups: [['n1', 'n2'], ['n3']] },
  { texts: ['n1..n3', 'n9'], groups: [['n1', 'n2', 'n3'], ['n9']] },
  { texts: ['n9..11'], groups: [['n9', 'n10', 'n11']] },
  { texts: [' n1 , n2 '], groups: [['n1', 'n2']] },
  { texts: ['a..b'], groups: [['a..b']] },
  { texts: ['n1||n2'], groups: [['n1'], [], ['n2']] },
])('$texts are groups', ({ texts, groups }) => {
  expect(readGroups(texts)).toEqual(groups);
});

it.each(['n5..n1', 'n1..m5', 'n1..n999999'])('%s is no range', (text) => {
  expect(() => readGroups([text])).toThrow(expect.objectContaining({ code: 'PARTITION_INVALID' }));
});

it('who is not named stays with the others who are not', () => {
  expect(completeGroups([['n2'], ['n4']], NAMES)).toEqual([['n2'], ['n4'], ['n1', 'n3', 'n5']]);
  expect(
    completeGroups(
      [
        ['n1', 'n2'],
        ['n3', 'n4', 'n5'],
      ],
      NAMES,
    ),
  ).toHaveLength(2);
});

it.each([
  { what: 'a stranger', groups: [['n9']], code: 'NODE_UNKNOWN' },
  { what: 'a node twice', groups: [['n1'], ['n2', 'n1']], code: 'PARTITION_INVALID' },
  { what: 'an empty group', groups: [['n1'], []], code: 'PARTITION_INVALID' },
  { what: 'all in one', groups: [NAMES], code: 'PARTITION_INVALID' },
  { what: 'none', groups: [], code: 'PARTITION_INVALID' },
])('$what is refused: $code', ({ groups, code }) => {
  expect(() => completeGroups(groups, NAMES)).toThrow(expect.objectContaining({ code }));
});
