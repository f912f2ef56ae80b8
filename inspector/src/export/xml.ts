import { knownToXml, xmlValue } from '../xml-text.ts';

/** Any text as a comment, in which no two dashes may follow each other. */
export const xmlComment = (text: string): string =>
  `<!-- ${knownToXml(text)
    .replace(/-(?=-)/g, '- ')
    .replace(/\s+/g, ' ')} -->`;

/** An element; without `inside` an empty one. */
export function element(
  name: string,
  values: Readonly<Record<string, string | undefined>>,
  inside: readonly string[] = [],
): string[] {
  const list = Object.entries(values).map(([key, value]) =>
    value === undefined ? '' : ` ${key}="${xmlValue(value)}"`,
  );
  const head = `<${name}${list.join('')}`;
  return inside.length === 0 ? [`${head}/>`] : [`${head}>`, ...inside.map((line) => `  ${line}`), `</${name}>`];
}

/**
 * Gives each text a name that may be an `xsd:ID`, and that is one word of an event: where a name has dots, events that are called by it would
 * be taken for those of names that begin with it.
 */
export class XmlIds {
  readonly #ids = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** `text`: what the name is made of, where that is not what tells it from others. */
  of(key: string, text = key): string {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const plain = text.replaceAll('.', '-').replace(/[^A-Za-z0-9_-]/g, '_');
    const base = /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
    let id = base;
    for (let count = 2; this.#taken.has(id); count++) id = `${base}_${count}`;
    this.#ids.set(key, id);
    this.#taken.add(id);
    return id;
  }
}
