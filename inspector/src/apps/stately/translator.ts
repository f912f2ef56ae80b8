import { isDeepStrictEqual } from 'node:util';
import {
  type Address,
  plainJson,
  type TraceEvent,
  type TraceRecord,
  type TransitionRef,
  VIEWER_LIMITS,
} from '@synod/protocol';
import type { EventObject } from 'xstate';
import { statusTransitions } from '../../chart/status-chart.ts';
import { asName, isMadeUp, Names } from '../names.ts';
import { changedFields, Recorder } from '../recorder.ts';
import { type Blueprint, blueprintOf } from './blueprint.ts';
import type { StatelyFrame, StatelySnapshot } from './frames.ts';

type Frame<T extends StatelyFrame['type']> = StatelyFrame & { readonly type: T };

interface Waiting {
  readonly event: EventObject;
  readonly id?: string;
  readonly from?: Address;
}

/** An actor of the app, as far as it has been told of. */
interface Told {
  readonly address: Address;
  readonly blueprint: Blueprint;
  readonly parentId: string | undefined;
  state: unknown;
  context: unknown;
  /** XState's memory of history states. */
  history: unknown;
  /** Whether its state is known for certain: what an actor is registered with may be of a later moment. */
  isCertain: boolean;
  readonly waiting: Waiting[];
}

/** A registration that waits for what follows it. */
interface Registration {
  readonly frame: Frame<'@xstate.actor'>;
  readonly timer: NodeJS.Timeout;
}

/** Actors of one app; those beyond are left out, and a note says so. */
const MAX_ACTORS = 2_000;
/** Sessions that have ended, of which nothing late begins anew. */
const MAX_ENDED = 10_000;
/** How long a registration waits for the event by which its actor begins, in milliseconds. */
const REGISTRATION_MS = 100;
const MAX_WAITING = 1_000;
/** Frames that may wait for an actor to have begun. */
const MAX_HELD = 10_000;

/**
 * Makes a trace of the frames of one app. They come in the order in which things happened, stamped late; what is told of a step is the event and
 * the snapshot after it. The transitions between are inferred.
 */
export class Translator {
  readonly #names: Names;
  readonly #recorder: Recorder;
  readonly #registrations = new Map<string, Registration>();
  readonly #actors = new Map<string, Told>();
  readonly #ended = new Set<string>();
  #leftOut = 0;
  /** The session whose actor is just beginning, and what has come since: what it did as it began is told after it. */
  #starting: string | undefined;
  #held: StatelyFrame[] = [];

  constructor(node: string, say: (record: TraceRecord) => void) {
    this.#names = new Names(node);
    this.#recorder = new Recorder(node, say);
  }

  take(frame: StatelyFrame): void {
    if (this.#starting === undefined) return this.#tellOf(frame);
    this.#held.push(frame);
    const isFirst = frame.type === '@xstate.snapshot' && frame.sessionId === this.#starting;
    if (isFirst || this.#held.length >= MAX_HELD) this.#release(isFirst ? frame : undefined);
  }

  /** Goes on with what came while an actor began; `first` is the snapshot by which it has begun. */
  #release(first?: StatelyFrame): void {
    const held = this.#held;
    this.#held = [];
    this.#starting = undefined;
    if (first) this.#tellOf(first);
    for (const frame of held) if (frame !== first) this.take(frame);
  }

  #tellOf(frame: StatelyFrame): void {
    if (frame.type === '@xstate.actor') return this.#register(frame);
    if (frame.type === '@xstate.event') return this.#sent(frame);
    this.#snapshot(frame);
  }

  /** Tells of all living actors again, to who has forgotten them. */
  present(): void {
    for (const told of this.#actors.values()) this.#spawn(told);
  }

  note(code: string, text: string): void {
    this.#tell({ type: 'note', code, text });
  }

  /** A frame that could not be read. */
  drop(detail: string): void {
    this.#tell({ type: 'drop', reason: 'invalid-frame', detail });
  }

  /** Nothing comes any more. */
  stop(): void {
    this.#release();
    for (const sessionId of [...this.#registrations.keys()]) this.#actor(sessionId);
  }

  #tell(event: TraceEvent): void {
    this.#recorder.record(event);
  }

  /**
   * The snapshot of a registration is taken when it is sent, and may be of a later moment than what is sent after it. So it waits a moment:
   * of an actor that now begins, the first snapshot tells the state.
   */
  #register(frame: Frame<'@xstate.actor'>): void {
    const { sessionId } = frame;
    if (this.#registrations.has(sessionId) || this.#actors.has(sessionId)) return;
    this.#ended.delete(sessionId);
    if (this.#registrations.size + this.#actors.size >= MAX_ACTORS) {
      if (this.#leftOut++ === 0) this.note('ACTORS_LEFT_OUT', `only the first ${MAX_ACTORS} actors are shown`);
      return;
    }
    const timer = setTimeout(() => {
      if (this.#starting === sessionId) this.#release();
      this.#actor(sessionId);
    }, REGISTRATION_MS);
    timer.unref();
    this.#registrations.set(sessionId, { frame, timer });
  }

  /** The actor of a session, which begins here if it was only registered, or has been told of by nobody. */
  #actor(sessionId: string): Told | undefined {
    const known = this.#actors.get(sessionId);
    if (known) return known;
    const registration = this.#registrations.get(sessionId);
    if (!registration && (this.#ended.has(sessionId) || this.#actors.size >= MAX_ACTORS)) return undefined;
    return this.#begin(sessionId, registration?.frame, registration?.frame.snapshot ?? undefined);
  }

  #begin(sessionId: string, frame: Frame<'@xstate.actor'> | undefined, snapshot: StatelySnapshot | undefined): Told {
    clearTimeout(this.#registrations.get(sessionId)?.timer);
    this.#registrations.delete(sessionId);
    const name = this.#nameOf(sessionId, frame);
    const blueprint = blueprintOf(frame?.definition, name ? asName(name) : 'actor');
    const told: Told = {
      address: this.#names.take(name ?? blueprint.protocol),
      blueprint,
      parentId: frame?.parentId ?? undefined,
      state: stateOf(snapshot),
      context: contextOf(snapshot),
      history: undefined,
      isCertain: false,
      waiting: [],
    };
    this.#actors.set(sessionId, told);
    this.#spawn(told);
    if (blueprint.problem !== undefined) this.note('DEFINITION_UNREADABLE', blueprint.problem);
    return told;
  }

  /** What an actor is called: by its author, else by what its parent says that it runs. */
  #nameOf(sessionId: string, frame: Frame<'@xstate.actor'> | undefined): string | undefined {
    const given = [frame?.name, sessionId].find((each) => each && !/^x:\w+$/.test(each));
    const parent = this.#actors.get(frame?.parentId ?? '');
    const source = given && isMadeUp(given, sessionId) ? parent?.blueprint.sources?.get(given) : undefined;
    return source ?? given ?? undefined;
  }

  #spawn({ address: actor, blueprint, parentId, state, context }: Told): void {
    const parent = parentId === undefined ? undefined : this.#actors.get(parentId)?.address;
    const { protocol, chart } = blueprint;
    const base = { type: 'spawn', actor, protocol, chart, state: state as string, context, recovered: false } as const;
    this.#tell({ ...base, ...(parent && { parent }) });
  }

  #sent({ sessionId, sourceId, event }: Frame<'@xstate.event'>): void {
    // What an actor begins with is told with its first snapshot.
    if (event.type === 'xstate.init') {
      if (this.#registrations.has(sessionId)) this.#starting = sessionId;
      return;
    }
    const target = this.#actor(sessionId);
    if (!target) return;
    const source = sourceId === undefined || sourceId === null ? undefined : this.#actor(sourceId);
    const { waiting } = target;
    // Of an app that never tells what became of its events.
    if (waiting.length >= MAX_WAITING) waiting.shift();
    if (source && source !== target) {
      const message = { id: this.#recorder.messageId(), from: source.address, to: target.address };
      this.#tell({ type: 'send', ...message, message: shown(event) });
      this.#tell({ type: 'deliver', ...message, message: event.type });
      waiting.push({ event, id: message.id, from: source.address });
      return;
    }
    if (source && event.type.startsWith('xstate.after.'))
      this.#tell({ type: 'timer.fired', actor: target.address, id: event.type });
    waiting.push({ event });
  }

  #snapshot({ sessionId, event, snapshot }: Frame<'@xstate.snapshot'>): void {
    const after = snapshot ?? {};
    const type = event?.type ?? '';
    if (type === 'xstate.init' && this.#registrations.has(sessionId)) {
      const begun = this.#begin(sessionId, this.#registrations.get(sessionId)?.frame, after);
      begun.isCertain = true;
      return this.#end(sessionId, begun, after);
    }
    const told = this.#actor(sessionId);
    if (!told) return;
    if (type !== 'xstate.init' && type !== 'xstate.stop') this.#receive(told, event ?? undefined);
    if (type !== 'xstate.stop') this.#transition(told, event ?? { type }, after);
    this.#end(sessionId, told, after);
  }

  #receive({ address: actor, waiting }: Told, event: EventObject | undefined): void {
    const place = waiting.findIndex((each) => each.event.type === event?.type);
    const [taken] = place < 0 ? [] : waiting.splice(0, place + 1).slice(-1);
    if (!taken && !event?.type) return;
    const { event: told, ...message } = taken ?? { event: event as EventObject };
    this.#tell({ type: 'receive', actor, event: shown(told), ...message });
  }

  #transition(told: Told, event: EventObject, snapshot: StatelySnapshot): void {
    const [state, context] = [stateOf(snapshot), contextOf(snapshot)];
    const changed = changedFields(told.context, context, isDeepStrictEqual);
    const transitions = this.#taken(told, event, state, Object.keys(changed).length > 0);
    told.state = state;
    told.context = context;
    told.isCertain = true;
    this.#tell({
      type: 'transition',
      actor: told.address,
      event: event.type,
      state: state as string,
      transitions,
      changed,
      ...(transitions.length > 0 && told.blueprint.inference && { inferred: true }),
    });
  }

  #taken(told: Told, event: EventObject, after: unknown, changed: boolean): readonly TransitionRef[] {
    const { inference, chart } = told.blueprint;
    const { state: before, history } = told;
    if (!inference) return statusTransitions(chart.id, before, after);
    if (!told.isCertain || event.type === 'xstate.init' || event.type === '') return [];
    const inferred = inference.infer({ before, event, after, changed, history });
    told.history = inferred?.history;
    return inferred?.transitions ?? [];
  }

  #end(sessionId: string, { address: actor }: Told, { status, error }: StatelySnapshot): void {
    if (status === 'active' || status === undefined || status === null) return;
    this.#tell(status === 'error' ? { type: 'crash', actor, reason: reasonOf(error) } : { type: 'stop', actor });
    this.#actors.delete(sessionId);
    this.#names.free(actor);
    this.#ended.add(sessionId);
    const [oldest] = this.#ended;
    if (this.#ended.size > MAX_ENDED && oldest !== undefined) this.#ended.delete(oldest);
  }
}

/** Of what is no machine, its status is its state. */
const stateOf = ({ value, status }: StatelySnapshot = {}): unknown => value ?? status ?? 'active';

/** What a snapshot carries beside its state, cut to what a viewer shows. */
function contextOf({ context, value, input, output, error }: StatelySnapshot = {}): unknown {
  const fields =
    value !== undefined && value !== null
      ? context
      : { input, output, error, ...(typeof context === 'object' ? context : { context }) };
  return plainJson(
    Object.fromEntries(Object.entries(fields ?? {}).filter(([, field]) => field !== undefined)),
    VIEWER_LIMITS,
  );
}

const shown = (event: EventObject): EventObject => plainJson(event, VIEWER_LIMITS) as EventObject;

function reasonOf(error: unknown): string {
  const text = typeof error === 'string' ? error : JSON.stringify(plainJson(error, VIEWER_LIMITS));
  return text === undefined || text === '{}' ? 'failed; its error was not told' : text;
}
