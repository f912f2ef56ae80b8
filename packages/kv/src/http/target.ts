import { keyInvalid } from '../errors.ts';
import { queryInvalid } from './problem.ts';

/** The path of a URL as it was sent, percent-encoding and all: `a%2Fb` and `a/b` are the same key, but only we may say so. */
export function rawPath(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const end = url.slice(start).search(/[?#]/);
  return end < 0 ? url.slice(start) : url.slice(start, start + end);
}

/** The key that follows `prefix` in the path of `url`. */
export function keyOf(url: string, prefix: string): string {
  try {
    return decodeURIComponent(rawPath(url).slice(prefix.length));
  } catch {
    throw keyInvalid('its percent-encoding is not of UTF-8');
  }
}

/** The query's parameters, each of `names` at most once and no others. */
export function queryOf(url: string, names: readonly string[]): ReadonlyMap<string, string> {
  const at = url.indexOf('?');
  const parameters = new Map<string, string>();
  const text = at < 0 ? '' : url.slice(at + 1).split('#', 1)[0];
  for (const part of (text ?? '').split('&').filter(Boolean)) {
    const [name, value] = part.split(/=(.*)/s, 2).map(decode) as [string, string?];
    if (!names.includes(name)) throw queryInvalid(`its parameters are ${names.join(' and ')}`);
    if (parameters.has(name)) throw queryInvalid(`give ${name} once`);
    parameters.set(name, value ?? '');
  }
  return parameters;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    throw queryInvalid('its percent-encoding is not of UTF-8');
  }
}
