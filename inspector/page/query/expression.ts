/** Why an expression is not taken; undefined where it is. A browser cannot stop an expression that takes for ever. */
export function complaintOf(source: string): string | undefined {
  try {
    new RegExp(source, 'i');
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^.*: /, '') : String(error);
  }
  if (isEndless(source)) return 'it repeats a group that repeats or chooses within, which can take for ever';
  return repeatsIn(source) > MAX_REPEATS ? `it has more than ${MAX_REPEATS} parts that repeat` : undefined;
}

/** Parts of an expression that may stand more than once, at most. */
const MAX_REPEATS = 4;

/** How many parts of an expression may stand more than once: the time grows with the text to that power, and once more. */
export function repeatsIn(source: string): number {
  let repeats = 0;
  for (let at = 0; at < source.length; at++) {
    if (source[at] === '\\') at++;
    else if (source[at] === '[') at = endOfClass(source, at);
    else if (isRepeat(source, at)) repeats++;
  }
  return repeats;
}

/** Whether a group is repeated that itself repeats or chooses, or a back reference is used: the time may grow exponentially with the text. */
function isEndless(source: string): boolean {
  /** Of each group that is open: whether it repeats or chooses within. */
  const groups: boolean[] = [false];
  for (let at = 0; at < source.length; at++) {
    const char = source[at] as string;
    if (char === '\\') {
      if (/[1-9k]/.test(source[at + 1] ?? '')) return true;
      at++;
    } else if (char === '[') at = endOfClass(source, at);
    else if (char === '(') groups.push(false);
    else if (char === '|') groups[groups.length - 1] = true;
    else if (char === ')') {
      const inner = groups.pop() === true;
      const repeats = isRepeat(source, at + 1);
      if (inner && repeats) return true;
      if (inner || repeats) groups[groups.length - 1] = true;
    } else if (isRepeat(source, at)) groups[groups.length - 1] = true;
  }
  return false;
}

/** Whether there is a quantifier by which something may stand more than once. */
const isRepeat = (source: string, at: number): boolean =>
  /^(?:[*+]|\{\d*,\d*\}|\{\d{2,}\})/.test(source.slice(at, at + 12));

/** Where the class of characters ends that begins at `at`. */
export function endOfClass(source: string, at: number): number {
  let end = at + 1;
  while (end < source.length && source[end] !== ']') end += source[end] === '\\' ? 2 : 1;
  return end;
}
