import {
  type AnyActorRef,
  type AnyMachineSnapshot,
  type EventObject,
  assign as xstateAssign,
  sendParent as xstateSendParent,
  sendTo as xstateSendTo,
  spawnChild as xstateSpawnChild,
  stopChild as xstateStopChild,
} from 'xstate';
import { hand } from './builtins.ts';
import { argsOf, type Frame, type Spawn } from './frame.ts';
import type { Instruction } from './instruction.ts';
import type { ActionSource, Code, Invoke } from './nodes.ts';

// What has to do with other actors needs a live actor, and is done by XState's own code, a step of which is taken here at a time.

/** As XState's built-in actions resolve (5.33): what they make of the snapshot, their parameters, and further actions. */
type Resolve = (
  scope: unknown,
  snapshot: AnyMachineSnapshot,
  args: object,
  params: unknown,
  code: object,
  extra: { readonly internalQueue: EventObject[]; readonly deferredActorIds: readonly string[] | undefined },
) => readonly [AnyMachineSnapshot, unknown, readonly ActionSource[] | undefined];

type RetryResolve = (scope: unknown, snapshot: AnyMachineSnapshot, params: unknown) => void;

/** Resolves and hands on an action of XState's. Answers the actions that it asks for in its turn. */
export function resolve(frame: Frame, code: Code, params: unknown): readonly ActionSource[] {
  const args = argsOf(frame);
  const before = frame.snapshot();
  const extra = { internalQueue: frame.queue, deferredActorIds: frame.entering?.ids };
  const [after, given, further] = (code.resolve as Resolve)(frame.live, before, args, params, code, extra);
  if (after !== before) {
    frame.context = after.context;
    frame.children = after.children;
    frame.status = after.status;
    frame.changes++;
  }
  const { retryResolve } = code as { readonly retryResolve?: RetryResolve };
  if (retryResolve) frame.entering?.retries.push(() => retryResolve(frame.live, frame.snapshot(), given));
  if ('execute' in code) hand(frame, code.type ?? '', given, code.execute, args);
  return further ?? [];
}

export const enter = (frame: Frame, ids: readonly string[]): void => {
  frame.entering = { ids, retries: [] };
};

export const entered = (frame: Frame): void => {
  const { entering } = frame;
  frame.entering = undefined;
  for (const retry of entering?.retries ?? []) retry();
};

/** Stops a child by its id, as XState's `stopChild` does, but for a copy of the snapshot that nobody sees. */
export const stopping = ({ id }: Invoke): Instruction => {
  const { execute } = xstateStopChild(id) as unknown as Code;
  return {
    params: undefined,
    action: (frame) => {
      const child = frame.children[id];
      if (child) frame.children = without(frame.children, child.id);
      frame.changes++;
      hand(frame, 'xstate.stopChild', child, execute, argsOf(frame));
    },
  };
};

function without(children: Frame['children'], id: string): Frame['children'] {
  const kept: Record<string, AnyActorRef> = {};
  for (const each of Object.keys(children)) if (each !== id) kept[each] = children[each] as AnyActorRef;
  return kept as Frame['children'];
}

/** What a state does to start what it invokes. */
export const starting = (invoke: Invoke): ActionSource =>
  xstateSpawnChild(
    invoke.src as never,
    { ...invoke, syncSnapshot: Boolean(invoke.onSnapshot) } as never,
  ) as unknown as Code;

/** Stops the children of a machine that has come to its end. */
export function stopAll(frame: Frame): void {
  for (const child of Object.values(frame.children))
    resolve(frame, xstateStopChild(child as AnyActorRef) as unknown as Code, undefined);
}

const ASSIGN = xstateAssign({}) as unknown as { readonly resolve: Resolve };

/** The `spawn` of an `assign()`: that of an assign of XState's, which does nothing else. */
export function spawnOf(frame: Frame): Spawn {
  return (src, options) => {
    let made: unknown;
    const assignment = ({ spawn }: { readonly spawn: Spawn }) => {
      made = spawn(src, options);
      return {};
    };
    const extra = { internalQueue: frame.queue, deferredActorIds: undefined };
    const [{ children }] = ASSIGN.resolve(
      frame.live,
      frame.snapshot(),
      argsOf(frame),
      undefined,
      { assignment },
      extra,
    );
    frame.children = children;
    frame.changes++;
    return made;
  };
}

/** Actions that `enqueueActions` may enqueue, by the names that it has for them. */
export const ENQUEUED = {
  sendTo: xstateSendTo,
  sendParent: xstateSendParent,
  spawnChild: xstateSpawnChild,
  stopChild: xstateStopChild,
} as unknown as Readonly<Record<'sendTo' | 'sendParent' | 'spawnChild' | 'stopChild', (...args: unknown[]) => Code>>;
