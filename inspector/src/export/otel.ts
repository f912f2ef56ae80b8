import { type Address, actorOf, type TraceRecord } from '@synod/protocol';
import { hexId } from './hash.ts';
import {
  attributes,
  INSTRUMENTATION,
  KIND,
  link,
  type Span,
  STATUS_ERROR,
  type TracePlace,
  timeOf,
} from './otel-span.ts';
import { eventName } from './text.ts';

export interface OtelOptions {
  /** When the trace's clock was 0, in milliseconds since 1970; default 0. Times in a trace are of a local clock that counts from somewhere. */
  readonly epochMs?: number;
  /** Of the resources; default `synod`. */
  readonly service?: string;
}

/** Spans of a node that are gathered into one list. */
const BATCH = 500;

/**
 * A trace as OpenTelemetry spans, in the JSON encoding of OTLP (one `TracesData`): a resource for each node, `send RequestVote` as PRODUCER,
 * `process RequestVote` as CONSUMER, its child and linked to it; steps that no message caused begin a trace and are INTERNAL, and what was lost
 * is a span with an error. Names go by the message's type, attributes by the semantic conventions for messaging.
 *
 * A message that leaves right with a step is that step's child. One that waited for the disk may be an earlier step's, which a trace does not
 * tell: it begins a trace of its own, linked to the actor's last step, which it follows. Ids are hashes of the records' own, so that the same
 * trace gives the same bytes.
 */
export function* otel(records: Iterable<TraceRecord>, options: OtelOptions = {}): Generator<string> {
  const { epochMs = 0, service = 'synod' } = options;
  const batches = new Map<string, Span[]>();
  let isFirst = true;
  const written = (node: string, spans: readonly Span[]): string => {
    const resource = { attributes: attributes({ 'service.name': service, 'service.instance.id': node }) };
    const text = JSON.stringify({ resource, scopeSpans: [{ scope: INSTRUMENTATION, spans }] });
    const head = isFirst ? '{"resourceSpans":[\n' : ',\n';
    isFirst = false;
    return head + text;
  };
  const spans = new Spans(epochMs);
  for (const record of records) {
    for (const span of spans.of(record)) {
      const batch = batches.get(record.node) ?? [];
      batches.set(record.node, batch);
      batch.push(span);
      if (batch.length >= BATCH) yield written(record.node, batch.splice(0));
    }
  }
  for (const { node, span } of spans.end()) batches.set(node, [...(batches.get(node) ?? []), span]);
  for (const [node, batch] of batches) if (batch.length > 0) yield written(node, batch);
  yield isFirst ? '{"resourceSpans":[]}\n' : '\n]}\n';
}

/** Messages sent of which the place is remembered: what is taken up after so many others is linked to nothing. */
const REMEMBERED = 100_000;

/** A step that has begun, or the last one of an actor. */
interface Step {
  readonly span: Span;
  readonly node: string;
  isOpen: boolean;
}

class Spans {
  readonly #epochMs: number;
  readonly #steps = new Map<string, Step>();
  /** The actor whose step's own outputs a node is telling; none once anything else came between. */
  readonly #telling = new Map<string, string>();
  /** Where the spans of messages are, by id, in the order in which they were sent. */
  readonly #sent = new Map<string, TracePlace>();

  constructor(epochMs: number) {
    this.#epochMs = epochMs;
  }

  *of(record: TraceRecord): Generator<Span> {
    switch (record.type) {
      case 'receive':
        yield* this.#ended(record.actor);
        this.#steps.set(record.actor, { span: this.#process(record), node: record.node, isOpen: true });
        this.#telling.delete(record.node);
        return;
      case 'transition': {
        const step = this.#steps.get(record.actor);
        if (step?.isOpen) {
          Object.assign(step.span, { endTimeUnixNano: later(step.span.startTimeUnixNano, this.#time(record)) });
          this.#telling.set(record.node, record.actor);
          yield* this.#ended(record.actor);
        }
        return;
      }
      case 'send':
        if (this.#telling.get(record.node) !== record.from) this.#telling.delete(record.node);
        yield this.#send(record);
        return;
      case 'emit':
      case 'timer.set':
      case 'timer.cancelled':
        if (this.#telling.get(record.node) !== record.actor) this.#telling.delete(record.node);
        return;
      case 'drop':
        this.#telling.delete(record.node);
        yield this.#drop(record);
        return;
      case 'crash':
        this.#telling.delete(record.node);
        yield this.#crash(record);
        return;
      case 'stop':
        this.#telling.delete(record.node);
        yield* this.#ended(record.actor);
        this.#steps.delete(record.actor);
        return;
      default:
        this.#telling.delete(record.node);
    }
  }

  /** Steps that the trace does not see end. */
  *end(): Generator<{ readonly node: string; readonly span: Span }> {
    for (const { span, node, isOpen } of this.#steps.values()) if (isOpen) yield { node, span };
  }

  *#ended(actor: string): Generator<Span> {
    const step = this.#steps.get(actor);
    if (!step?.isOpen) return;
    step.isOpen = false;
    yield step.span;
  }

  #remember(id: string, place: TracePlace): void {
    this.#sent.set(id, place);
    const [oldest] = this.#sent.keys();
    if (this.#sent.size > REMEMBERED && oldest !== undefined) this.#sent.delete(oldest);
  }

  #time({ at }: TraceRecord): string {
    return timeOf(at, this.#epochMs);
  }

  #send(record: Extract<TraceRecord, { type: 'send' }>): Span {
    const { id, from, to, message, node } = record;
    const step = this.#steps.get(from)?.span;
    const isOfStep = step !== undefined && this.#telling.get(node) === from;
    const own = placeOf(`send ${id}`);
    const place = isOfStep ? { traceId: step.traceId, spanId: own.spanId } : own;
    this.#remember(id, place);
    return {
      ...place,
      ...(isOfStep && { parentSpanId: step.spanId }),
      name: `send ${message.type}`,
      kind: KIND.producer,
      startTimeUnixNano: this.#time(record),
      endTimeUnixNano: this.#time(record),
      attributes: attributes({ ...messaging('send', id, to), 'synod.message.type': message.type, 'synod.actor': from }),
      ...(step && !isOfStep && { links: [link(step, { 'synod.link': 'follows' })] }),
    };
  }

  #process(record: Extract<TraceRecord, { type: 'receive' }>): Span {
    const { actor, event, id, seq, node, clock } = record;
    const name = eventName(event.type);
    const sent = id === undefined ? undefined : this.#sent.get(id);
    const own = placeOf(`step ${node} ${seq} ${clock[node] ?? 0}`);
    const times = { startTimeUnixNano: this.#time(record), endTimeUnixNano: this.#time(record) };
    if (id === undefined) {
      const known = { 'synod.actor': actor, 'synod.event.type': event.type };
      return { ...own, name: `process ${name}`, kind: KIND.internal, ...times, attributes: attributes(known) };
    }
    const known = { ...messaging('process', id, actor), 'synod.message.type': event.type, 'synod.actor': actor };
    return {
      ...own,
      ...(sent && { traceId: sent.traceId, parentSpanId: sent.spanId }),
      name: `process ${name}`,
      kind: KIND.consumer,
      ...times,
      attributes: attributes(known),
      ...(sent && { links: [link(sent)] }),
    };
  }

  #drop(record: Extract<TraceRecord, { type: 'drop' }>): Span {
    const { node, seq, reason, id, to, message = 'something', detail } = record;
    const sent = id === undefined ? undefined : this.#sent.get(id);
    const known = {
      'error.type': reason,
      ...(id !== undefined && { 'messaging.system': 'synod', 'messaging.message.id': id }),
      ...(to !== undefined && { 'messaging.destination.name': to }),
    };
    return {
      ...placeOf(`drop ${node} ${seq} ${id ?? ''}`),
      ...(sent && { traceId: sent.traceId, parentSpanId: sent.spanId }),
      name: `lose ${message}`,
      kind: KIND.internal,
      startTimeUnixNano: this.#time(record),
      endTimeUnixNano: this.#time(record),
      attributes: attributes(known),
      ...(sent && { links: [link(sent)] }),
      status: { code: STATUS_ERROR, message: detail ?? reason },
    };
  }

  #crash(record: Extract<TraceRecord, { type: 'crash' }>): Span {
    const { node, seq, actor, reason, clock } = record;
    return {
      ...placeOf(`crash ${node} ${seq} ${clock[node] ?? 0}`),
      name: 'crash',
      kind: KIND.internal,
      startTimeUnixNano: this.#time(record),
      endTimeUnixNano: this.#time(record),
      attributes: attributes({ 'error.type': 'crash', 'synod.actor': actor ?? node }),
      status: { code: STATUS_ERROR, message: reason },
    };
  }
}

const placeOf = (text: string): TracePlace => ({ traceId: hexId(`trace ${text}`, 16), spanId: hexId(text, 8) });

const later = (a: string, b: string): string => (BigInt(a) > BigInt(b) ? a : b);

/** What the semantic conventions want of a message. */
const messaging = (operation: 'send' | 'process', id: string, to: Address) => ({
  'messaging.system': 'synod',
  'messaging.operation.type': operation,
  'messaging.operation.name': operation,
  'messaging.destination.name': to,
  'messaging.destination.template': `${actorOf(to)}@{node}`,
  'messaging.message.id': id,
});
