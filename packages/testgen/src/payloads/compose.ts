import { keyOf, pathOf } from './infer/term.ts';

/** Values by the path of their field. `undefined` stands for a field that is absent. */
export type Assignment = ReadonlyMap<string, unknown>;

type Container = Record<string, unknown> | unknown[];
const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' &&
  value !== null &&
  (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype);

/**
 * A value whose fields are what `plain` says, but for those that `chosen` has. What is chosen for a field decides about the fields within it:
 * nothing is put into a text or into what is absent, and the elements of a list keep what was chosen for them.
 */
export function compose(plain: Assignment, chosen: Assignment): unknown {
  if (isFlat(plain) && isFlat(chosen)) return flat(plain, chosen);
  const root: { value?: unknown } = {};
  const shortestFirst = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
    pathOf(a[0]).length - pathOf(b[0]).length;
  const decided = [...chosen.keys()];
  for (const [key, value] of [...chosen].sort(shortestFirst)) put(root, pathOf(key), copy(value), true);
  for (const [key, value] of [...plain].sort(shortestFirst)) {
    if (chosen.has(key)) continue;
    const path = pathOf(key);
    // Elements of a list that was chosen as a whole stay as they are.
    const around = decided.find((each) => each !== key && keyOf(path.slice(0, pathOf(each).length)) === each);
    const leaf = path.at(-1) === '*' && around !== undefined && pathOf(around).length === path.length - 1;
    if (!leaf) put(root, path, copy(value), false, around !== undefined);
  }
  return root.value;
}

/** Most events have no fields within fields. */
function isFlat(assignment: Assignment): boolean {
  for (const key of assignment.keys()) if (key === '' || key === '*' || key.includes('\u0000')) return false;
  return true;
}

function flat(plain: Assignment, chosen: Assignment): unknown {
  if (plain.size + chosen.size === 0) return undefined;
  const value: Record<string, unknown> = {};
  for (const [key, part] of plain) if (part !== undefined && !chosen.has(key)) value[key] = copy(part);
  for (const [key, part] of chosen) if (part !== undefined) value[key] = copy(part);
  return value;
}

function put(root: { value?: unknown }, path: readonly string[], value: unknown, force: boolean, within = false): void {
  if (value === undefined && path.length > 0 && !force) return;
  const place = ['value', ...path];
  descend(root as Container, place, value, within);
}

function descend(container: Container, [key = '', ...rest]: readonly string[], value: unknown, within: boolean): void {
  if (Array.isArray(container)) {
    // Within a list that was chosen, every element gets the field; a new list has one element.
    if (container.length === 0 && !within) container.push(undefined);
    for (const index of container.keys())
      set(container as unknown as Record<string, unknown>, String(index), rest, value, within);
    return;
  }
  set(container, key, rest, value, within);
}

function set(
  owner: Record<string, unknown>,
  key: string,
  rest: readonly string[],
  value: unknown,
  within: boolean,
): void {
  if (rest.length === 0) {
    if (value === undefined) delete owner[key];
    else owner[key] = value;
    return;
  }
  const inside = owner[key];
  if (!isContainer(inside)) {
    // What was chosen in the place of an object is to stay, but for the filling of lists.
    if (within && inside !== FILLING && (key in owner || inside !== undefined)) return;
    if (value === undefined) return;
    owner[key] = rest[0] === '*' ? [] : {};
  }
  descend(owner[key] as Container, rest, value, within);
}

/** What lists of a given length are filled with. */
const FILLING = 'a';

/** Lists and plain objects are made anew for each event; all else, dates and instances of classes, is a value and stays. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (!isContainer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copy(part)]));
}
