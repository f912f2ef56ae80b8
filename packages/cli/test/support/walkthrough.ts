/** A fenced block of a page: ```LANGUAGE INFO. */
export interface Block {
  readonly language: string;
  readonly info: string;
  readonly text: string;
  /** Its line on the page, from 1. */
  readonly line: number;
}

/** The fenced blocks of a Markdown page, in order. */
export function blocksOf(page: string): readonly Block[] {
  const blocks: Block[] = [];
  const lines = page.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const opened = /^```(\w+) ?(.*)$/.exec(lines[at] ?? '');
    if (!opened) continue;
    const end = lines.indexOf('```', at);
    const [, language = '', info = ''] = opened;
    blocks.push({ language, info, text: `${lines.slice(at + 1, end).join('\n')}\n`, line: at + 1 });
    at = end;
  }
  return blocks;
}

/** A text after a diff: what stands behind `-` or a space must be there; what only stands behind `+` goes to the end. */
export function patched(text: string, diff: string): string {
  let result = text;
  for (const { before, after } of hunksOf(diff)) {
    if (before === '') result += after;
    else if (result.includes(before)) result = result.replace(before, () => after);
    else throw new Error(`There is no place for the change of:\n${before}`);
  }
  return result;
}

function hunksOf(diff: string): readonly { readonly before: string; readonly after: string }[] {
  const hunks: { before: string; after: string }[] = [];
  let isAdding = true;
  for (const line of diff.trimEnd().split('\n')) {
    const adds = line.startsWith('+');
    if (hunks.length === 0 || (isAdding && !adds)) hunks.push({ before: '', after: '' });
    isAdding = adds;
    const hunk = hunks.at(-1);
    if (!hunk) continue;
    const text = `${line.slice(1)}\n`;
    if (!adds) hunk.before += text;
    if (!line.startsWith('-')) hunk.after += text;
  }
  return hunks;
}

/** The first line that is not to be found in a text, after all those before it; blanks are as good as each other. */
export function missingLine(text: string, expected: string): string | undefined {
  const flat = (each: string) => each.replaceAll(/\s+/g, ' ').trim();
  const lines = text.split('\n').map(flat);
  let from = 0;
  for (const line of expected.split('\n').map(flat).filter(Boolean)) {
    const found = lines.findIndex((each, at) => at >= from && each.includes(line));
    if (found < 0) return line;
    from = found + 1;
  }
  return undefined;
}
