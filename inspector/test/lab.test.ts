import { SynodError, type TraceRecord } from '@synod/protocol';
import { describe, expect, it } from 'vitest';
import type { Lab, LabRun } from '../src/index.ts';
import { LabSession } from '../src/server/lab-session.ts';
import type { LabServerFrame } from '../src/world/lab.ts';
import { note } from './support.ts';

/** A lab whose runs are letters: each choice appends a record that says so. */
class Letters implements Lab {
  readonly title = 'letters';
  readonly goesOn = 'at random';
  readonly untilMs = false;
  readonly first: LabRun = { records: [note('n1', 'begin')], shared: 0, text: 'begin' };
  /** What answers wait for. */
  gate: Promise<void> = Promise.resolve();

  async choices(run: LabRun, at: number) {
    await this.gate;
    return {
      records: at,
      choices: ['a', 'b'].map((id) => ({ id, kind: 'letter', node: 'n1', text: `${run.text}${id}` })),
    };
  }

  async take(run: LabRun, at: number, choice: string): Promise<LabRun> {
    if (choice !== 'a' && choice !== 'b') throw new SynodError('CHOICE_UNKNOWN', 'There is no such letter.');
    return { records: [...run.records.slice(0, at), note('n1', choice)], shared: at, text: choice };
  }

  async goOn(run: LabRun, at: number): Promise<LabRun> {
    if (at > 5) throw new Error('a mistake in the lab');
    return this.take(run, at, 'a');
  }
}

function opened(lab: Lab = new Letters()) {
  const frames: LabServerFrame[] = [];
  const shown: (readonly TraceRecord[])[] = [];
  const session = new LabSession(lab, {
    send: (frame) => frames.push(frame),
    show: ({ records }) => shown.push(records),
  });
  let id = 0;
  /** Asks, and waits for the last word on it. */
  const ask = async (asked: object) => {
    const mine = ++id;
    expect(session.take({ type: 'lab', id: mine, ...asked })).toBe(true);
    for (;;) {
      const answer = frames.find((frame) => 'id' in frame && frame.id === mine);
      if (answer) return answer;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const branches = () => frames.findLast((frame) => frame.type === 'lab.branches');
  return { session, frames, shown, ask, branches };
}

describe('a session in a lab', () => {
  it('tells of its abilities and of the first branch', () => {
    const { frames } = opened();
    expect(frames).toEqual([
      {
        type: 'lab.branches',
        lab: {
          title: 'letters',
          goesOn: 'at random',
          untilMs: false,
          graph: false,
          counterexample: false,
          save: false,
        },
        branches: [{ id: 0, shared: 0, records: 1, text: 'begin' }],
        open: 0,
      },
    ]);
  });

  it('lists choices, and takes one as a branch of its own, which then grows', async () => {
    const { ask, shown, branches } = opened();
    expect(await ask({ ask: 'choices', branch: 0, at: 1 })).toMatchObject({
      moment: { choices: [{ id: 'a' }, { id: 'b' }] },
    });
    await ask({ ask: 'take', branch: 0, at: 1, choice: 'b' });
    expect(branches()).toMatchObject({
      open: 1,
      branches: [{ id: 0 }, { id: 1, parent: 0, shared: 1, records: 2, text: 'b' }],
    });
    await ask({ ask: 'take', branch: 1, at: 2, choice: 'a' });
    expect(branches()).toMatchObject({ open: 1, branches: [{ id: 0 }, { id: 1, records: 3, text: 'b' }] });
    // An earlier place of it is a fork.
    await ask({ ask: 'take', branch: 1, at: 1, choice: 'a' });
    expect(branches()).toMatchObject({
      open: 2,
      branches: [{ id: 0 }, { id: 1, records: 3 }, { id: 2, parent: 1, shared: 1 }],
    });
    expect(shown.map(({ length }) => length)).toEqual([2, 3, 2]);
  });

  it('opens a branch again, and forgets one, whose branches go to its parent', async () => {
    const { ask, shown, branches } = opened();
    await ask({ ask: 'take', branch: 0, at: 1, choice: 'b' });
    await ask({ ask: 'goOn', branch: 1, at: 1, steps: 1 });
    await ask({ ask: 'forget', branch: 1 });
    expect(branches()).toMatchObject({ open: 2, branches: [{ id: 0 }, { id: 2, parent: 0 }] });
    await ask({ ask: 'open', branch: 0 });
    expect([branches(), shown.at(-1)?.length]).toMatchObject([{ open: 0 }, 1]);
    await ask({ ask: 'open', branch: 2 });
    await ask({ ask: 'forget', branch: 2 });
    expect(branches()).toMatchObject({ open: 0, branches: [{ id: 0 }] });
  });

  it.each([
    [{ ask: 'take', branch: 0, at: 1, choice: 'z' }, 'CHOICE_UNKNOWN'],
    [{ ask: 'choices', branch: 7, at: 1 }, 'LAB_BRANCH_UNKNOWN'],
    [{ ask: 'forget', branch: 0 }, 'LAB_FIRST'],
    [{ ask: 'graph' }, 'LAB_UNABLE'],
    [{ ask: 'visit', state: 3 }, 'LAB_UNABLE'],
    [{ ask: 'counterexample' }, 'LAB_UNABLE'],
    [{ ask: 'save', branch: 0 }, 'LAB_UNABLE'],
    [{ ask: 'goOn', branch: 0, at: 9 }, 'LAB_FAILED'],
  ])('refuses with a code: %o', async (asked, code) => {
    const { ask, shown } = opened();
    expect(await ask(asked)).toMatchObject({ type: 'lab.refused', code });
    expect(shown).toEqual([]);
  });

  it('holds so many branches and no more', async () => {
    const { ask, branches } = opened();
    let answer: LabServerFrame | undefined;
    for (let count = 0; count < 32; count++) answer = await ask({ ask: 'take', branch: 0, at: 1, choice: 'a' });
    expect(answer).toMatchObject({ type: 'lab.refused', code: 'LAB_FULL' });
    expect(branches()).toMatchObject({ branches: { length: 32 } });
    await ask({ ask: 'forget', branch: 5 });
    expect(await ask({ ask: 'take', branch: 0, at: 1, choice: 'a' })).toMatchObject({ type: 'lab.done' });
  });

  it('does one thing after the other, and lets only so many wait', async () => {
    const lab = new Letters();
    let open = () => {};
    lab.gate = new Promise((resolve) => {
      open = resolve;
    });
    const { session, frames, ask } = opened(lab);
    for (let id = 100; id < 120; id++) session.take({ type: 'lab', id, ask: 'choices', branch: 0, at: 1 });
    const refused = frames.filter((frame) => frame.type === 'lab.refused');
    expect(refused).toHaveLength(4);
    expect(refused[0]).toMatchObject({ code: 'LAB_BUSY' });
    open();
    while (frames.filter((frame) => frame.type === 'lab.moment').length < 16)
      await new Promise((resolve) => setImmediate(resolve));
    await ask({ ask: 'choices', branch: 0, at: 1 });
    const answered = frames.flatMap((frame) => (frame.type === 'lab.moment' ? [frame.id] : []));
    expect(answered.slice(0, 16)).toEqual(Array.from({ length: 16 }, (_, index) => 100 + index));
  });

  it.each([
    [{ type: 'lab', id: 1, ask: 'take', branch: 0, at: -1, choice: 'a' }],
    [{ type: 'lab', id: 1, ask: 'take', branch: 0, at: 1, choice: 'a'.repeat(201) }],
    [{ type: 'lab', id: 1, ask: 'goOn', branch: 0, at: 1, steps: 1e9 }],
    [{ type: 'lab', id: 1, ask: 'goOn', branch: 0, at: 1, untilMs: Number.POSITIVE_INFINITY }],
    [{ type: 'lab', id: 1, ask: 'open', branch: 0, more: true }],
    [{ type: 'lab', id: 1.5, ask: 'open', branch: 0 }],
    [{ type: 'control', id: 1, control: 'kill', node: 'n1' }],
    ['lab'],
    [undefined],
  ])('leaves what is no ask of a lab to others: %o', (frame) => {
    const { session, frames } = opened();
    expect(session.take(frame)).toBe(false);
    expect(frames).toHaveLength(1);
  });
});
