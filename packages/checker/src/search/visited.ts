import { Growing } from './growing.ts';

/** Numbers in an entry of the table. */
const ENTRY = 3;

/**
 * The worlds that were seen, by fingerprint, numbered in the order in which they came. An open-addressing table whose entries are
 * number + 1, low and high side by side, so that a look costs one access to memory: 24 to 48 bytes a world, and 8 for the lists. With `exact`, whole worlds are kept and compared as well.
 */
export class Visited {
  #table = new Int32Array(ENTRY << 12);
  #mask = (1 << 12) - 1;
  readonly #low = new Growing();
  readonly #high = new Growing();
  readonly rows: Growing | undefined;
  readonly #width: number;

  constructor(width: number, keepRows: boolean) {
    this.#width = width;
    this.rows = keepRows ? new Growing() : undefined;
  }

  get size(): number {
    return this.#low.length;
  }

  get bytes(): number {
    return this.#table.byteLength + this.#low.bytes + this.#high.bytes + (this.rows?.bytes ?? 0);
  }

  low(number: number): number {
    return this.#low.at(number);
  }

  high(number: number): number {
    return this.#high.at(number);
  }

  /** The number of the world with this fingerprint, or −1. With `row`, only if that very world was seen. */
  find(low: number, high: number, row?: Int32Array): number {
    const table = this.#table;
    for (let at = this.#home(low, high); ; at = (at + 1) & this.#mask) {
      const entry = at * ENTRY;
      const number = (table[entry] as number) - 1;
      if (number < 0) return -1;
      if (table[entry + 1] !== low || table[entry + 2] !== high) continue;
      if (!row || this.#same(number, row)) return number;
    }
  }

  /** Adds a world that is not among them; its number. */
  add(low: number, high: number, row: Int32Array): number {
    const number = this.#low.length;
    this.#low.push(low);
    this.#high.push(high);
    this.rows?.pushAll(row);
    if (this.#low.length * 2 > this.#mask) this.#rehash();
    else this.#enter(number, low, high);
    return number;
  }

  #same(number: number, row: Int32Array): boolean {
    const rows = this.rows as Growing;
    for (let at = 0, start = number * this.#width; at < this.#width; at++)
      if (rows.at(start + at) !== row[at]) return false;
    return true;
  }

  #home(low: number, high: number): number {
    return (low ^ Math.imul(high, 0x9e3779b1)) & this.#mask;
  }

  #enter(number: number, low: number, high: number): void {
    let at = this.#home(low, high);
    while (this.#table[at * ENTRY] !== 0) at = (at + 1) & this.#mask;
    this.#table[at * ENTRY] = number + 1;
    this.#table[at * ENTRY + 1] = low;
    this.#table[at * ENTRY + 2] = high;
  }

  #rehash(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let number = 0; number < this.#low.length; number++)
      this.#enter(number, this.#low.at(number), this.#high.at(number));
  }
}
