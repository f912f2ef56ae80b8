import { SynodError } from '@synod/protocol';

/** Stands in a file for what JSON has no word for. */
const TAG = '$synod';

type Tagged = { readonly [TAG]: string; readonly value?: unknown };

/**
 * A value as plain JSON that `decodeValue` makes the same value of: dates, maps, sets, bigints, errors, bytes, regular expressions and
 * numbers that JSON lacks are kept. Instances of other classes, functions and symbols cannot be.
 * @throws SynodError `VALUE_UNWRITABLE`, naming the class.
 */
export function encodeValue(value: unknown): unknown {
  const tagged = (tag: string, inner?: unknown): Tagged => ({
    [TAG]: tag,
    ...(inner !== undefined && { value: inner }),
  });
  switch (typeof value) {
    case 'undefined':
      return tagged('undefined');
    case 'bigint':
      return tagged('bigint', String(value));
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : tagged('number', Object.is(value, -0) ? '-0' : String(value));
    case 'function':
    case 'symbol':
      throw unwritable(`a ${typeof value}`);
    case 'object':
      break;
    default:
      return value;
  }
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(encodeValue);
  if (value instanceof Date) return tagged('Date', Number.isNaN(value.getTime()) ? null : value.toISOString());
  if (value instanceof Map) return tagged('Map', [...value].map(encodeValue));
  if (value instanceof Set) return tagged('Set', [...value].map(encodeValue));
  if (value instanceof RegExp) return tagged('RegExp', [value.source, value.flags]);
  if (value instanceof Uint8Array) return tagged('Uint8Array', [...value]);
  if (value instanceof Error)
    return tagged('Error', encodeValue({ ...value, name: value.name, message: value.message }));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw unwritable(`an instance of ${value.constructor?.name ?? 'a class'}`);
  const fields = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, encodeValue(part)]));
  return TAG in value ? tagged('object', fields) : fields;
}

const unwritable = (what: string): SynodError =>
  new SynodError(
    'VALUE_UNWRITABLE',
    `A replay file cannot hold ${what}; give plain data in its place, or run the seed again.`,
  );

/** The value of what `encodeValue` has made. */
export function decodeValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(decodeValue);
  if (!(TAG in value)) return decodeFields(value);
  const { [TAG]: tag, value: inner } = value as Tagged;
  const list = (): unknown[] => (decodeValue(inner) as unknown[] | undefined) ?? [];
  switch (tag) {
    case 'undefined':
      return undefined;
    case 'bigint':
      return BigInt(String(inner));
    case 'number':
      return Number(inner);
    case 'Date':
      return new Date((inner as string | null) ?? Number.NaN);
    case 'Map':
      return new Map(list() as [unknown, unknown][]);
    case 'Set':
      return new Set(list());
    case 'RegExp':
      return new RegExp(String(list()[0]), String(list()[1]));
    case 'Uint8Array':
      return Uint8Array.from(list() as number[]);
    case 'Error': {
      const { name, message, ...rest } = decodeValue(inner) as { name: string; message: string };
      return Object.assign(new Error(message), name === 'Error' ? {} : { name }, rest);
    }
    case 'object':
      return decodeFields(inner as object);
    default:
      throw new SynodError(
        'PROPERTY_REPLAY_INVALID',
        `The replay file has a value of the unknown kind "${tag}"; record it again.`,
      );
  }
}

const decodeFields = (value: object): object =>
  Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decodeValue(part)]));
