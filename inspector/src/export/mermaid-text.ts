// What Mermaid's two kinds of diagrams have in common.

/** Everything but these is written as a code: much of the rest is syntax somewhere, or Markdown. */
const PLAIN = /[^\p{L}\p{N} .,/()[\]=!?@+'-]/gu;

/**
 * Any text as a label. Line ends and control characters become spaces; what Mermaid might read as syntax becomes a code as `#59;`,
 * which it shows as the character itself.
 */
export function mermaidText(text: string): string {
  const line = text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  const safe = line.replace(PLAIN, code).replace(/-{2,}|-(?=#62;)/g, (dashes) => dashes.replaceAll('-', '#45;'));
  return safe === '' ? '(empty)' : safe;
}

const code = (character: string): string => `#${character.codePointAt(0)};`;

/** Words of the grammar, which name nothing. */
const WORDS = new Set(['state', 'note', 'end', 'as', 'class', 'classdef', 'direction', 'style', 'default', 'root']);

/** Gives each text a name that Mermaid takes as such: the same for the same text, another for another. */
export class Names {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** How many names were given. */
  get size(): number {
    return this.#names.size;
  }

  of(text: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const plain = text.replace(/[^A-Za-z0-9_]/g, '_');
    // Mermaid keeps some of its states in plain objects.
    const isFree = !WORDS.has(plain.toLowerCase()) && !Object.hasOwn(Object.prototype, plain);
    const base = /^[A-Za-z]/.test(plain) && isFree ? plain : `s_${plain}`;
    let name = base;
    for (let count = 2; this.#taken.has(name); count++) name = `${base}_${count}`;
    this.#names.set(text, name);
    this.#taken.add(name);
    return name;
  }
}
