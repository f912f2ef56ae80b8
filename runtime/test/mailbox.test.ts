import type { Address, Message } from '@synod/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Letter, Mailbox } from '../src/mailbox.ts';
import { counter, ofType, traced } from './support.ts';

const message = (id: string): Letter => ({ kind: 'message', id, from: 'a@b' as Address, message: { type: 'M' } });
const timer = (id: string): Letter => ({ kind: 'timer', id, event: { type: 'T' }, isCurrent: () => true });

const contents = (mailbox: Mailbox): string[] => {
  const ids: string[] = [];
  for (let letter = mailbox.shift(); letter; letter = mailbox.shift()) ids.push(letter.id);
  return ids;
};

describe('a full mailbox', () => {
  it.each([
    { overflow: 'drop-newest' as const, dropped: ['3', '4'], kept: ['t', '1', '2', 'u'] },
    { overflow: 'drop-oldest' as const, dropped: ['1', '2'], kept: ['t', '3', 'u', '4'] },
  ])('$overflow: drops messages, never timers', ({ overflow, dropped, kept }) => {
    const mailbox = new Mailbox({ capacity: 2, overflow });
    const lost = [timer('t'), message('1'), message('2'), message('3'), timer('u'), message('4')]
      .map((letter) => mailbox.push(letter)?.id)
      .filter((id) => id !== undefined);
    expect(lost).toEqual(dropped);
    expect(contents(mailbox)).toEqual(kept);
  });

  it('tells the asker and the trace', async () => {
    const { system, trace } = await traced();
    const actor = await system.spawn('c', counter, { mailbox: { capacity: 1 } });
    actor.send({ type: 'Add', amount: 1 } as Message);
    await expect(system.ask(actor.address, { type: 'Read' })).rejects.toMatchObject({
      code: 'MAILBOX_FULL',
      definite: true,
    });
    expect(ofType(trace, 'drop')).toMatchObject([{ reason: 'mailbox-full', to: 'c@n1', message: 'Read' }]);
    await system.shutdown();
  });
});

it('is first in, first out through any pushes and shifts', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 5_000 }), (pushes) => {
      const mailbox = new Mailbox();
      const model: string[] = [];
      for (const [index, push] of pushes.entries()) {
        if (push) {
          mailbox.push(message(String(index)));
          model.push(String(index));
        } else expect(mailbox.shift()?.id).toBe(model.shift());
        expect(mailbox.length).toBe(model.length);
      }
    }),
    { numRuns: 30 },
  );
});
