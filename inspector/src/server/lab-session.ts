import { describeError, isSynodError, SynodError } from '@synod/protocol';
import * as v from 'valibot';
import {
  type LabBranch,
  type LabFrame,
  type LabHead,
  type LabServerFrame,
  labFrame,
  MAX_GRAPH_STATES,
} from '../world/lab.ts';
import type { Lab, LabRun } from './lab.ts';

/** Branches that a session may hold. */
const MAX_BRANCHES = 32;
/** Asks that may wait for their turn. */
const MAX_WAITING = 16;

interface Branch {
  readonly id: number;
  readonly run: LabRun;
  readonly parent?: number;
  readonly shared: number;
  readonly text: string;
}

/** What a session says to its page. */
export interface LabSeat {
  send(frame: LabServerFrame): void;
  /** Shows a run in the place of what the page shows. */
  show(run: LabRun): void;
}

/** One page's work in a lab: its branches, one ask after the other. */
export class LabSession {
  readonly #lab: Lab;
  readonly #seat: LabSeat;
  readonly #branches = new Map<number, Branch>();
  #open = 0;
  #last = 0;
  #waiting = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(lab: Lab, seat: LabSeat) {
    this.#lab = lab;
    this.#seat = seat;
    this.#branches.set(0, { id: 0, run: lab.first, shared: 0, text: lab.first.text });
    this.#tellBranches();
  }

  /** Takes what a page sent, if it is an ask; what is none is left to others. */
  take(value: unknown): boolean {
    const read = v.safeParse(labFrame, value);
    if (!read.success) return false;
    const frame = read.output;
    if (this.#waiting >= MAX_WAITING) {
      this.#refuse(frame.id, new SynodError('LAB_BUSY', 'The lab is still at what was asked before; wait for it.'));
      return true;
    }
    this.#waiting++;
    this.#work = this.#work.then(async () => {
      await this.#answer(frame).catch((error: unknown) => this.#refuse(frame.id, error));
      this.#waiting--;
    });
    return true;
  }

  async #answer(frame: LabFrame): Promise<void> {
    const { id } = frame;
    switch (frame.ask) {
      case 'choices': {
        const moment = await this.#lab.choices(this.#branch(frame.branch).run, frame.at);
        return this.#seat.send({ type: 'lab.moment', id, branch: frame.branch, moment });
      }
      case 'graph': {
        const graph = await this.#able('graph').call(this.#lab, MAX_GRAPH_STATES);
        return this.#seat.send({ type: 'lab.graph', id, graph });
      }
      case 'save': {
        const text = await this.#able('save').call(this.#lab, this.#branch(frame.branch).run);
        return this.#seat.send({ type: 'lab.saved', id, text });
      }
      case 'open':
        this.#show(this.#branch(frame.branch));
        break;
      case 'forget':
        this.#forget(frame.branch);
        break;
      default:
        await this.#extend(frame);
    }
    this.#seat.send({ type: 'lab.done', id });
  }

  /** A new run: it takes the place of its branch where it only goes on from its end, and else is a branch of its own. */
  async #extend(frame: Extract<LabFrame, { ask: 'take' | 'goOn' | 'visit' | 'counterexample' }>): Promise<void> {
    const from = 'branch' in frame ? this.#branch(frame.branch) : undefined;
    const grows = from !== undefined && from.id !== 0 && 'at' in frame && frame.at >= from.run.records.length;
    if (!grows && this.#branches.size >= MAX_BRANCHES)
      throw new SynodError('LAB_FULL', `There are ${MAX_BRANCHES} branches, the most that are kept; forget one first.`);
    const run = await this.#run(frame, from);
    if (grows) return this.#show({ ...from, run });
    const parent = from ? { parent: from.id } : {};
    this.#show({ id: ++this.#last, run, ...parent, shared: from ? run.shared : 0, text: run.text });
  }

  #run(
    frame: Extract<LabFrame, { ask: 'take' | 'goOn' | 'visit' | 'counterexample' }>,
    from: Branch | undefined,
  ): Promise<LabRun> {
    const lab = this.#lab;
    if (frame.ask === 'visit') return this.#able('visit').call(lab, frame.state);
    if (frame.ask === 'counterexample') return this.#able('counterexample').call(lab);
    const { run } = from as Branch;
    if (frame.ask === 'take') return lab.take(run, frame.at, frame.choice);
    const { steps, untilMs, seed } = frame;
    return lab.goOn(run, frame.at, {
      ...(steps !== undefined && { steps }),
      ...(untilMs !== undefined && { untilMs }),
      ...(seed !== undefined && { seed }),
    });
  }

  #forget(id: number): void {
    const { parent = 0, shared } = this.#branch(id);
    if (id === 0) throw new SynodError('LAB_FIRST', 'The first branch is what all others go on from; it stays.');
    this.#branches.delete(id);
    for (const branch of this.#branches.values())
      if (branch.parent === id)
        this.#branches.set(branch.id, { ...branch, parent, shared: Math.min(branch.shared, shared) });
    if (this.#open === id) this.#show(this.#branch(parent));
    else this.#tellBranches();
  }

  #show(branch: Branch): void {
    this.#branches.set(branch.id, branch);
    this.#open = branch.id;
    this.#seat.show(branch.run);
    this.#tellBranches();
  }

  #tellBranches(): void {
    const branches = [...this.#branches.values()].map(
      ({ run, ...branch }): LabBranch => ({ ...branch, records: run.records.length }),
    );
    this.#seat.send({ type: 'lab.branches', lab: headOf(this.#lab), branches, open: this.#open });
  }

  #branch(id: number): Branch {
    const branch = this.#branches.get(id);
    if (branch) return branch;
    throw new SynodError(
      'LAB_BRANCH_UNKNOWN',
      `There is no branch ${id} any more; choose one of those that are listed.`,
    );
  }

  #able<Name extends 'graph' | 'visit' | 'counterexample' | 'save'>(name: Name): NonNullable<Lab[Name]> {
    const able = this.#lab[name];
    if (able) return able;
    throw new SynodError('LAB_UNABLE', 'This lab cannot do that; it lists what it can.');
  }

  #refuse(id: number, error: unknown): void {
    const code = isSynodError(error) ? error.code : 'LAB_FAILED';
    this.#seat.send({ type: 'lab.refused', id, code, message: describeError(error) });
  }
}

function headOf({ title, goesOn, untilMs, graph, visit, counterexample, save }: Lab): LabHead {
  const hasGraph = graph !== undefined && visit !== undefined;
  const [findsBad, saves] = [counterexample !== undefined, save !== undefined];
  return { title, goesOn, untilMs, graph: hasGraph, counterexample: findsBad, save: saves };
}
