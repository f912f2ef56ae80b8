import type { TraceRecord } from '@synod/protocol';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { otel } from '../../src/export/index.ts';
import { count, groupBy, NAMES, traceOfNames, traces } from './traces.ts';

// The rules of OTLP's JSON encoding: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding.
const hex = (bytes: number) => v.pipe(v.string(), v.regex(new RegExp(`^(?!0+$)[0-9a-f]{${bytes * 2}}$`)));
const nanos = v.pipe(v.string(), v.regex(/^(0|[1-9]\d{0,19})$/));
const attributes = v.array(
  v.strictObject({ key: v.pipe(v.string(), v.minLength(1)), value: v.strictObject({ stringValue: v.string() }) }),
);
const place = { traceId: hex(16), spanId: hex(8) };
const span = v.strictObject({
  ...place,
  parentSpanId: v.optional(hex(8)),
  name: v.pipe(v.string(), v.minLength(1)),
  kind: v.picklist([1, 2, 3, 4, 5]),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  links: v.optional(v.array(v.strictObject({ ...place, attributes }))),
  status: v.optional(v.strictObject({ code: v.picklist([0, 1, 2]), message: v.string() })),
});
const tracesData = v.strictObject({
  resourceSpans: v.array(
    v.strictObject({
      resource: v.strictObject({ attributes }),
      scopeSpans: v.array(v.strictObject({ scope: v.strictObject({ name: v.string() }), spans: v.array(span) })),
    }),
  ),
});
type Span = v.InferOutput<typeof span>;

const spansOf = (records: Iterable<TraceRecord>, epochMs?: number): readonly Span[] => {
  const text = [...otel(records, epochMs === undefined ? {} : { epochMs })].join('');
  const { resourceSpans } = v.parse(tracesData, JSON.parse(text));
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
};

const attribute = (of: Pick<Span, 'attributes'>, key: string): string | undefined =>
  of.attributes.find((each) => each.key === key)?.value.stringValue;

const [INTERNAL, PRODUCER, CONSUMER] = [1, 4, 5];
const all: Readonly<Record<string, readonly TraceRecord[]>> = { ...traces, 'hostile names': traceOfNames(NAMES) };

describe.each(Object.entries(all))('the spans of %s', (_, records) => {
  const spans = spansOf(records);
  const places = new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));

  it('are one for each sending, step, loss and crash, each with ids of its own', () => {
    const messages = records.filter((record) => record.type === 'receive' && record.id !== undefined);
    expect(spans.filter(({ kind }) => kind === PRODUCER)).toHaveLength(count(records, 'send'));
    expect(spans.filter(({ kind }) => kind === CONSUMER)).toHaveLength(messages.length);
    const other = count(records, 'receive') - messages.length + count(records, 'drop') + count(records, 'crash');
    expect(spans.filter(({ kind }) => kind === INTERNAL)).toHaveLength(other);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });

  it('have parents and links that are there, and parents of the same trace', () => {
    for (const { traceId, parentSpanId, links = [] } of spans) {
      if (parentSpanId !== undefined) expect(places).toContain(`${traceId} ${parentSpanId}`);
      for (const link of links) expect(places).toContain(`${link.traceId} ${link.spanId}`);
    }
  });

  it('link each message taken up to its sending, whose name, id and destination it shares', () => {
    const bySpan = new Map(spans.map((each) => [each.spanId, each]));
    for (const taken of spans.filter(({ kind }) => kind === CONSUMER)) {
      const sent = bySpan.get(taken.links?.[0]?.spanId ?? '') as Span;
      expect(sent.kind).toBe(PRODUCER);
      expect(attribute(taken, 'messaging.message.id')).toBe(attribute(sent, 'messaging.message.id'));
      expect(attribute(taken, 'messaging.destination.name')).toBe(attribute(sent, 'messaging.destination.name'));
      expect(taken.name.replace('process', 'send')).toBe(sent.name);
    }
  });

  it('have the attributes of the semantic conventions', () => {
    for (const each of spans.filter(({ kind }) => kind !== INTERNAL)) {
      const operation = each.kind === PRODUCER ? 'send' : 'process';
      expect(attribute(each, 'messaging.system')).toBe('synod');
      expect(attribute(each, 'messaging.operation.type')).toBe(operation);
      expect(attribute(each, 'messaging.operation.name')).toBe(operation);
      const name = attribute(each, 'messaging.destination.name') ?? '';
      expect(attribute(each, 'messaging.destination.template')).toBe(`${name.slice(0, name.indexOf('@'))}@{node}`);
    }
  });

  it('do not end before they begin', () => {
    for (const { startTimeUnixNano, endTimeUnixNano } of spans)
      expect(BigInt(endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(startTimeUnixNano));
  });

  it('are the same bytes for the same trace', () => {
    expect([...otel(records)].join('')).toBe([...otel(structuredClone(records))].join(''));
  });
});

describe('the spans of a trace', () => {
  it('make one trace of a timer, the messages it sends, and what they cause', () => {
    const spans = spansOf(traces.raft ?? []);
    const sizes = [...groupBy(spans, ({ traceId }) => traceId).values()];
    const root = ({ parentSpanId }: Span): boolean => parentSpanId === undefined;
    for (const trace of sizes) expect(trace.filter(root)).toHaveLength(1);
    const deep = sizes.filter((trace) => trace.some(({ name }) => /^process .*Reply$/.test(name)));
    expect(deep.length).toBeGreaterThan(0);
  });

  it('count their times from when the clock of the trace was 0', () => {
    const epochMs = Date.UTC(2026, 0, 1);
    const [early, late] = [spansOf(traces.raft ?? []), spansOf(traces.raft ?? [], epochMs)];
    for (const [index, { startTimeUnixNano }] of early.entries())
      expect(BigInt(late[index]?.startTimeUnixNano ?? 0) - BigInt(startTimeUnixNano)).toBe(
        BigInt(epochMs) * 1_000_000n,
      );
  });

  it('do not make a message that waited for the disk the child of a later step', () => {
    const at = { node: 'n1', clock: { n1: 1 } };
    const step = (seq: number, type: string): TraceRecord[] => [
      { ...at, seq, at: seq, type: 'receive', actor: 'a@n1', event: { type } },
      {
        ...at,
        seq: seq + 1,
        at: seq,
        type: 'transition',
        actor: 'a@n1',
        event: type,
        state: 's',
        transitions: [],
        changed: {},
      },
    ];
    const send = (seq: number, id: string): TraceRecord => ({
      ...at,
      seq,
      at: seq,
      type: 'send',
      id,
      from: 'a@n1',
      to: 'b@n2',
      message: { type: id },
    });
    const durable: TraceRecord = { ...at, seq: 8, at: 8, type: 'durable', actor: 'a@n1', fields: [] };
    const spans = spansOf([...step(1, 'One'), send(3, 'AtOnce'), ...step(4, 'Two'), durable, send(9, 'Later')]);
    const [one, two] = [
      spans.find(({ name }) => name === 'process One'),
      spans.find(({ name }) => name === 'process Two'),
    ];
    const [atOnce, later] = [
      spans.find(({ name }) => name === 'send AtOnce'),
      spans.find(({ name }) => name === 'send Later'),
    ];
    expect(atOnce).toMatchObject({ traceId: one?.traceId, parentSpanId: one?.spanId });
    expect(later?.parentSpanId).toBeUndefined();
    expect(later?.links?.[0]?.spanId).toBe(two?.spanId);
    expect(later?.traceId).not.toBe(two?.traceId);
  });
});
