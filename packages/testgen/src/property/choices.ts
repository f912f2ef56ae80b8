import type { Payloads, Subject, World } from '../subject.ts';
import type { Stimulus } from '../test-case.ts';

/** Values tried of one event, output or error. */
const VALUES = 8;

/** One thing that may happen next, with each of the values it may carry. */
export type Choice = () => readonly Stimulus[];

/** All that may happen next in a world, in an order that is always the same. */
export function choicesOf(subject: Subject, payloads: Payloads, world: World): readonly Choice[] {
  if (world.status !== 'active') return [];
  const sends = subject.accepts(world).map(
    (type): Choice =>
      () =>
        payloads.events(type, world, VALUES).map((send) => ({ send })),
  );
  const others = subject.pending(world).map((pending): Choice => {
    if (pending.kind === 'wait')
      return () => (pending.ms > 1 ? [{ wait: pending.ms }, { wait: pending.ms - 1 }] : [{ wait: pending.ms }]);
    const { kind, actor } = pending;
    return () => payloads.values(kind, actor, world, VALUES).map((value) => stimulusOf(kind, actor.path, value));
  });
  return [...sends, ...others];
}

function stimulusOf(kind: 'done' | 'fail' | 'relay' | 'next', path: string, value: unknown): Stimulus {
  switch (kind) {
    case 'done':
      return value === undefined ? { done: path } : { done: path, output: value };
    case 'fail':
      return { fail: path, error: value };
    case 'relay':
      return { relay: path, event: value as { readonly type: string } };
    case 'next':
      return { next: path, value };
  }
}

/** Whether a stimulus can be given in a world: an actor that ends must run. */
export function applies(world: World, stimulus: Stimulus): boolean {
  if (world.status !== 'active') return false;
  if ('send' in stimulus || 'wait' in stimulus) return true;
  const path =
    'done' in stimulus
      ? stimulus.done
      : 'fail' in stimulus
        ? stimulus.fail
        : 'relay' in stimulus
          ? stimulus.relay
          : stimulus.next;
  return world.actors.some((actor) => actor.path === path);
}
