import { describeLinkFault } from '@synod/protocol';
import type { Story } from '../story/story.ts';
import { Sweep } from '../story/sweep.ts';
import type { Faults } from '../world/controls.ts';
import { kindNumber } from '../world/read.ts';
import { type Span, SpanBook } from './spans.ts';

/** The spans of a story before any note of it was read. */
export const spanBookOf = (story: Story): SpanBook =>
  new SpanBook(spansInForce(story.inForce, Object.keys(story.worldAt(story.first))));

const NOTE = kindNumber('note');

/** Reads the notes of a story for what was done to the nodes. */
export class SpanSweep extends Sweep {
  readonly book: SpanBook;

  constructor(story: Story) {
    super(story);
    this.book = spanBookOf(story);
  }

  protected look(index: number): void {
    if (this.story.number('kind', index) === NOTE) this.book.add(this.story.glance(index), index, this.story.at(index));
  }
}

/** What was done to the nodes when their story began, of which no note tells any more: since when is not known. */
export function spansInForce({ paused, groups, links, rates }: Faults, all: readonly string[]): readonly Span[] {
  const span = (kind: string, text: string, nodes: Iterable<string>, parts?: Span['groups']): Span => ({
    kind,
    text,
    index: -1,
    from: Number.NEGATIVE_INFINITY,
    to: undefined,
    endIndex: undefined,
    nodes: new Set(nodes),
    groups: parts,
  });
  const partition = `partition ${groups.map((group) => group.join(', ')).join(' | ')}`;
  return [
    ...(groups.length > 0 ? [span('partition', partition, all, groups)] : []),
    ...links.map((fault) => span(fault.kind, describeLinkFault(fault), [...(fault.from ?? all), ...(fault.to ?? all)])),
    ...paused.map((node) => span('pause', 'pause', [node])),
    ...Object.entries(rates).map(([node, rate]) =>
      span('skew', `skew ${node} to ${rate} times the true speed`, [node]),
    ),
  ];
}
