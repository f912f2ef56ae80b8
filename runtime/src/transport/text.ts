const MAX_LENGTH = 200;

/** Text that another program chose, fit for a log: one line, printable, at most 200 characters. */
export function printable(text: string): string {
  const line = text.slice(0, MAX_LENGTH).replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '\u00b7');
  return text.length > MAX_LENGTH ? `${line}…` : line;
}
