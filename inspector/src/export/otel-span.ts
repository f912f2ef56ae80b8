// The parts of OTLP's JSON encoding that are used here: ids as hexadecimal digits, 64-bit numbers as text, enumerations as numbers.

export interface TracePlace {
  /** 16 bytes. */
  readonly traceId: string;
  /** 8 bytes. */
  readonly spanId: string;
}

export interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string };
}

export interface Link extends TracePlace {
  readonly attributes: readonly Attribute[];
}

export interface Span extends TracePlace {
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  /** Nanoseconds since 1970. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly links?: readonly Link[];
  readonly status?: { readonly code: number; readonly message: string };
}

export const KIND = { internal: 1, producer: 4, consumer: 5 } as const;
export const STATUS_ERROR = 2;
export const INSTRUMENTATION = { name: '@synod/inspector' } as const;

export const attributes = (values: Readonly<Record<string, string>>): readonly Attribute[] =>
  Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: value } }));

export const link = ({ traceId, spanId }: TracePlace, about: Readonly<Record<string, string>> = {}): Link => ({
  traceId,
  spanId,
  attributes: attributes(about),
});

const LARGEST = 2n ** 64n - 1n;

/** Nanoseconds, within what OTLP can hold: a time before 1970 is 1970. */
export function timeOf(at: number, epochMs: number): string {
  const nanos = BigInt(Math.round(at * 1_000)) * 1_000n + BigInt(Math.round(epochMs)) * 1_000_000n;
  return String(nanos < 0n ? 0n : nanos > LARGEST ? LARGEST : nanos);
}
