import { assert, type SendEvent } from '@synod/protocol';
import { type EventObject, cancel as xstateCancel, emit as xstateEmit, raise as xstateRaise } from 'xstate';
import { argsOf, type Frame, type Spawn } from './frame.ts';
import type { Code } from './nodes.ts';

// What XState's built-in actions come to, in a pure step as effects, as `createEngine` has them; in a live actor as XState's own.

type Execute = Code['execute'];

const executeOf = (action: unknown): Execute => (action as Code).execute;

const EXECUTE = {
  emit: executeOf(xstateEmit({ type: '' })),
  raise: executeOf(xstateRaise({ type: '' })),
  cancel: executeOf(xstateCancel('')),
};

/** Hands a live actor an action that it may inspect and then executes. */
export function hand(frame: Frame, type: string, params: unknown, execute: Execute, info: object): void {
  const { live } = frame;
  live?.actionExecutor({ type, info, params, exec: execute?.bind(null, live, params) } as never);
}

/** An expression is a function or the value itself. */
const evaluate = (expression: unknown, args: object, params: unknown): unknown =>
  typeof expression === 'function' ? expression(args, params) : expression;

/** Changes the context: by a function of it, or an object whose fields may be functions. */
export function assign(frame: Frame, assignment: unknown, params: unknown, spawn: Spawn): void {
  const { context, event, self, system } = frame;
  if (!context) {
    throw new Error('Cannot assign to undefined `context`. Ensure that `context` is defined in the machine config.');
  }
  const update =
    typeof assignment === 'function'
      ? assignment({ context, event, spawn, self, system }, params)
      : fieldsOf(assignment as object, () => ({ context, event, spawn, self, system }), params);
  frame.context = frame.contexts.merge(context, update);
  frame.changes++;
}

function fieldsOf(assignment: object, args: () => object, params: unknown): object {
  if (!hasFunction(assignment)) return assignment;
  const given = args();
  const made: Record<string, unknown> = {};
  for (const field of Object.keys(assignment))
    made[field] = evaluate(assignment[field as keyof typeof assignment], given, params);
  return made;
}

function hasFunction(fields: object): boolean {
  for (const field in fields) if (typeof fields[field as keyof typeof fields] === 'function') return true;
  return false;
}

export function emit(frame: Frame, expression: unknown, params: unknown): void {
  const args = argsOf(frame);
  const event = evaluate(expression, args, params) as EventObject;
  if (frame.live) return hand(frame, 'xstate.emit', { event }, EXECUTE.emit, args);
  if (event.type === 'send' && 'to' in event) {
    const { to, message } = event as SendEvent;
    frame.effects.push({ kind: 'send', to: typeof to === 'string' ? [to] : to, message });
  } else frame.effects.push({ kind: 'emit', event });
}

/** A delay is a name, a function, or milliseconds; without one the event is raised in this step. */
export interface RaiseOptions {
  readonly id?: string | undefined;
  readonly delay?: unknown;
}

export function raise(
  machineId: string,
  delays: Readonly<Record<string, unknown>>,
  frame: Frame,
  expression: unknown,
  { id, delay: given }: RaiseOptions,
  params: unknown,
): void {
  if (typeof expression === 'string') {
    throw new Error(`Only event objects may be used with raise; use raise({ type: "${expression}" }) instead`);
  }
  const args = argsOf(frame);
  const event = evaluate(expression, args, params) as EventObject;
  const delay = evaluate(typeof given === 'string' ? delays[given] : given, args, params);
  if (typeof delay !== 'number') frame.queue.push(event);
  if (frame.live) return hand(frame, 'xstate.raise', { event, id, delay }, EXECUTE.raise, args);
  if (delay === undefined) return;
  assert(id !== undefined, `${machineId}: a delayed raise of "${event.type}" needs an id`);
  const isDelay = typeof delay === 'number' && delay >= 0 && Number.isFinite(delay);
  assert(isDelay, `${machineId}: the delay of timer "${id}" is ${delay}, not milliseconds`);
  frame.effects.push({ kind: 'setTimer', id, delayMs: delay as number, event });
}

export function cancel(frame: Frame, expression: unknown, params: unknown): void {
  const args = argsOf(frame);
  const sendId = evaluate(expression, args, params) as string;
  if (frame.live) return hand(frame, 'xstate.cancel', { sendId }, EXECUTE.cancel, args);
  frame.effects.push({ kind: 'cancelTimer', id: sendId });
}

/** An action that only a live actor can execute. */
export function execute(machineId: string, frame: Frame, type: string, params: unknown, code: Code | undefined): void {
  if (frame.live) {
    frame.live.actionExecutor({ type, info: argsOf(frame), params, exec: code } as never);
    return;
  }
  assert(
    false,
    `${machineId}: action "${type}" is an effect a pure step cannot have; change context with assign(), and tell the host with send() or emit()`,
  );
}

export function log(machineId: string, frame: Frame, { value, label, execute: run }: Code, given: unknown): void {
  const args = argsOf(frame);
  const params = { value: evaluate(value, args, given), label };
  if (frame.live) hand(frame, 'xstate.log', params, run, args);
  else execute(machineId, frame, 'xstate.log', params, undefined);
}
