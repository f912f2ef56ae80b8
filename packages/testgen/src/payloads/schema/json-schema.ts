import fc from 'fast-check';
import { formatted } from './formats.ts';

/** A JSON Schema, of draft 2020-12, draft 7 or OpenAPI 3.0, as far as it is read here. */
export type JsonSchema = Readonly<Record<string, unknown>> | boolean;

/** How deep a schema may refer to itself before its smallest form is taken. */
const DEEPEST = 4;
/** The most elements, keys or characters beyond what a schema asks for. */
const SOME = 3;
const MANY = 12;

type Arbitrary = fc.Arbitrary<unknown>;
type Keywords = Readonly<Record<string, unknown>>;

/**
 * Values of a JSON Schema. What a keyword of its own cannot be met by construction, `not` and `uniqueItems` of objects for example, is left
 * to the validation that follows.
 */
export const arbitraryOf = (schema: JsonSchema): Arbitrary => new Generator(schema).of(schema, 0);

/** What JSON has no word for: in the place of a type, `date`, `bigint`, `map`, `set`, `undefined`. */
export const OWN_TYPE = 'x-synod-type';

const anything = (): Arbitrary =>
  fc.oneof(
    fc.constantFrom<unknown>('a', 1, true, null),
    fc.date({ noInvalidDate: true }),
    fc.bigInt(),
    fc.jsonValue({ maxDepth: 1 }),
    fc
      .constantFrom<() => unknown>(
        () => new Map(),
        () => new Set(),
        () => undefined,
      )
      .map((make) => make()),
  );

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const list = (value: unknown): readonly JsonSchema[] | undefined => (Array.isArray(value) ? value : undefined);
const isKeywords = (value: unknown): value is Keywords => typeof value === 'object' && value !== null;

class Generator {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  of(schema: JsonSchema | undefined, depth: number): Arbitrary {
    if (!isKeywords(schema)) return anything();
    if (typeof schema.$ref === 'string') return this.of(this.#find(schema.$ref), depth + 1);
    if ('const' in schema) return fc.constant(schema.const);
    if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
    const all = list(schema.allOf);
    const { allOf: _, ...rest } = schema;
    if (all)
      return this.of(
        all.reduce<Keywords>((whole, part) => this.#merge(whole, part), rest),
        depth,
      );
    const some = list(schema.anyOf) ?? list(schema.oneOf);
    if (some) return this.#choice(some, schema, depth);
    const plain = this.#typed(schema, depth);
    return schema.nullable === true ? fc.oneof(plain, fc.constant(null)) : plain;
  }

  #find(ref: string): JsonSchema | undefined {
    const steps = ref
      .replace(/^#\/?/, '')
      .split('/')
      .filter((step) => step !== '');
    return steps.reduce<unknown>(
      (at, step) => (isKeywords(at) ? at[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined),
      this.#root,
    ) as JsonSchema | undefined;
  }

  /** Two schemas that both hold, for what is met by construction. */
  #merge(a: Keywords, b: JsonSchema): Keywords {
    const other = isKeywords(b) && typeof b.$ref === 'string' ? this.#find(b.$ref) : b;
    if (!isKeywords(other)) return a;
    return {
      ...a,
      ...other,
      ...(isKeywords(a.properties) && {
        properties: { ...a.properties, ...(other.properties as Keywords | undefined) },
      }),
      ...(Array.isArray(a.required) && {
        required: [...a.required, ...((other.required as unknown[] | undefined) ?? [])],
      }),
    };
  }

  #choice(some: readonly JsonSchema[], { anyOf: _, oneOf: __, ...around }: Keywords, depth: number): Arbitrary {
    // Where it may go on for ever, the plainest way out is taken.
    const open = depth > DEEPEST ? some.filter((each) => !isKeywords(each) || !('$ref' in each)).slice(0, 1) : some;
    const chosen = open.length > 0 ? open : some.slice(0, 1);
    const whole = Object.keys(around).some((key) => key === 'properties' || key === 'required');
    return fc.oneof(...chosen.map((each) => this.of(whole ? this.#merge(around, each) : each, depth + 1)));
  }

  #typed(schema: Keywords, depth: number): Arbitrary {
    const { type } = schema;
    if (Array.isArray(type)) return fc.oneof(...type.map((each) => this.#typed({ ...schema, type: each }, depth)));
    if (typeof schema[OWN_TYPE] === 'string') return ownType(schema[OWN_TYPE]);
    switch (type ?? guess(schema)) {
      case 'null':
        return fc.constant(null);
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return numeric(schema, true);
      case 'number':
        return numeric(schema, false);
      case 'string':
        return text(schema);
      case 'array':
        return this.#array(schema, depth);
      case 'object':
        return this.#object(schema, depth);
      default:
        return anything();
    }
  }

  #array(schema: Keywords, depth: number): Arbitrary {
    // Before 2020-12, a tuple was a list in `items`.
    const tuple = list(schema.prefixItems) ?? list(schema.items);
    const minLength = number(schema.minItems) ?? 0;
    const most = depth > DEEPEST ? minLength : Math.max(minLength, SOME);
    const maxLength = Math.min(number(schema.maxItems) ?? most, Math.max(most, minLength));
    if (tuple) return fc.tuple(...tuple.map((each) => this.of(each, depth + 1)));
    const item = this.of(Array.isArray(schema.items) ? undefined : (schema.items as JsonSchema | undefined), depth + 1);
    if (schema.uniqueItems === true)
      return fc.uniqueArray(item, { minLength, maxLength, selector: (value) => JSON.stringify(value) });
    return fc.array(item, { minLength, maxLength });
  }

  #object(schema: Keywords, depth: number): Arbitrary {
    const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonSchema>>);
    const required = new Set((schema.required as string[] | undefined) ?? []);
    const kept = depth > DEEPEST ? properties.filter(([key]) => required.has(key)) : properties;
    const fields = Object.fromEntries(kept.map(([key, value]) => [key, this.of(value, depth + 1)]));
    const requiredKeys = kept.map(([key]) => key).filter((key) => required.has(key));
    const whole = fc.record(fields, { requiredKeys, noNullPrototype: true });
    const others = schema.additionalProperties;
    if (!isKeywords(others) && properties.length > 0) return whole;
    if (others === false || (others === undefined && schema.propertyNames === undefined)) return whole;
    const keys = isKeywords(schema.propertyNames) ? this.of({ type: 'string', ...schema.propertyNames }, depth) : KEY;
    const minKeys = number(schema.minProperties) ?? 0;
    const rest = fc.dictionary(keys as fc.Arbitrary<string>, this.of(others as JsonSchema, depth + 1), {
      minKeys,
      maxKeys: depth > DEEPEST ? minKeys : Math.max(minKeys, SOME),
      noNullPrototype: true,
    });
    return fc.tuple(rest, whole).map(([extra, own]) => ({ ...extra, ...(own as object) }));
  }
}

const KEY = fc.constantFrom('a', 'b', 'c', 'd');

function guess(schema: Keywords): string | undefined {
  if ('properties' in schema || 'additionalProperties' in schema || 'required' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema) return 'array';
  if ('pattern' in schema || 'minLength' in schema || 'maxLength' in schema || 'format' in schema) return 'string';
  return 'minimum' in schema || 'maximum' in schema || 'multipleOf' in schema ? 'number' : undefined;
}

function ownType(type: string): Arbitrary {
  switch (type) {
    case 'date':
      return fc.oneof(fc.constant(new Date(0)), fc.date({ noInvalidDate: true })).map((date) => new Date(date));
    case 'bigint':
      return fc.bigInt({ min: -1_000n, max: 1_000n });
    case 'map':
      return fc.array(fc.tuple(KEY, fc.nat()), { maxLength: SOME }).map((pairs) => new Map(pairs));
    case 'set':
      return fc.array(KEY, { maxLength: SOME }).map((items) => new Set(items));
    default:
      return fc.constant(undefined);
  }
}

/** Numbers at and near the bounds; without bounds, near 0. */
function numeric(schema: Keywords, whole: boolean): Arbitrary {
  const step = number(schema.multipleOf);
  const unit = step ?? (whole ? 1 : 0.5);
  // Before draft 6, `exclusiveMinimum: true` stood beside `minimum`.
  const lowest = bound(schema.minimum, schema.exclusiveMinimum, unit);
  const highest = bound(schema.maximum, schema.exclusiveMaximum, -unit);
  const from = Math.ceil((lowest ?? Math.min(-1_000, (highest ?? 0) - 1_000)) / unit);
  const to = Math.floor((highest ?? Math.max(1_000, (lowest ?? 0) + 1_000)) / unit);
  if (from > to)
    return fc.double({
      min: Math.min(lowest ?? 0, highest ?? 0),
      max: Math.max(lowest ?? 0, highest ?? 0),
      noNaN: true,
    });
  const near = [0, 1, from, from + 1, to, to - 1].filter((value) => from <= value && value <= to);
  const max = Math.min(to, Number.MAX_SAFE_INTEGER);
  const min = Math.max(from, Number.MIN_SAFE_INTEGER);
  return fc.oneof(fc.constantFrom(...near), fc.integer({ min, max: Math.max(min, max) })).map((count) => count * unit);
}

function bound(inclusive: unknown, exclusive: unknown, unit: number): number | undefined {
  const limit = number(exclusive);
  if (limit !== undefined) return limit + unit;
  const value = number(inclusive);
  return value !== undefined && exclusive === true ? value + unit : value;
}

function text(schema: Keywords): Arbitrary {
  const minLength = number(schema.minLength) ?? 0;
  const maxLength = number(schema.maxLength) ?? Math.max(minLength, MANY);
  const fits = (value: string) =>
    value.length >= minLength && value.length <= (number(schema.maxLength) ?? value.length);
  const format = typeof schema.format === 'string' ? formatted(schema.format) : undefined;
  if (format) return format;
  if (typeof schema.pattern === 'string') {
    try {
      return fc.stringMatching(new RegExp(schema.pattern, 'u')).filter(fits);
    } catch {
      // A pattern that cannot be generated from: the validation sees to it.
    }
  }
  return fc.oneof(
    fc.string({ minLength, maxLength, unit: fc.constantFrom(...'abc1 ') }),
    fc.string({ minLength, maxLength }),
  );
}
