// Frames that carry records: a head in JSON, then a record a line, which the page keeps as it came.

/** A frame: its head, then its lines. */
export const frameOf = (head: object, lines: readonly string[] = []): string =>
  lines.length === 0 ? JSON.stringify(head) : `${JSON.stringify(head)}\n${lines.join('\n')}`;

/** A frame's head and its lines. */
export function readFrame<T>(frame: string): { readonly head: T; readonly lines: readonly string[] } {
  const end = frame.indexOf('\n');
  if (end < 0) return { head: JSON.parse(frame) as T, lines: [] };
  return { head: JSON.parse(frame.slice(0, end)) as T, lines: frame.slice(end + 1).split('\n') };
}

/**
 * A record's line with its place on the axis that all nodes share, in milliseconds: their own clocks began at different times.
 * A line without it stands where its own clock puts it.
 */
export const timedLine = (axisMs: number, line: string): string => `${axisMs.toFixed(3)}\t${line}`;

/** A line's record as text, and its place on the axis if it has one. */
export function splitLine(line: string): { readonly json: string; readonly axisMs: number | undefined } {
  if (line.startsWith('{')) return { json: line, axisMs: undefined };
  const end = line.indexOf('\t');
  return end < 0
    ? { json: line, axisMs: undefined }
    : { json: line.slice(end + 1), axisMs: Number(line.slice(0, end)) };
}
