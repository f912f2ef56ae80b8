import type { Tone } from './rows.ts';

/** Colours a piece of a diagram; what it returns must look as wide as what it was given. */
export type Paint = (text: string, tone: Tone) => string;

/** One line of text, written piece by piece, the later over the earlier. */
export class Line {
  readonly #width: number;
  readonly #cells: string[] = [];
  readonly #tones: Tone[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  /** Writes from a column on; what goes beyond the width is cut, with a `…`. */
  put(column: number, text: string, tone: Tone): void {
    const characters = [...text];
    const room = this.#width - column;
    if (room <= 0) return;
    const shown = characters.length <= room ? characters : [...characters.slice(0, room - 1), '…'];
    while (this.#cells.length < column) {
      this.#cells.push(' ');
      this.#tones.push('line');
    }
    for (const [offset, character] of shown.entries()) {
      this.#cells[column + offset] = character;
      this.#tones[column + offset] = tone;
    }
  }

  text(paint: Paint | undefined): string {
    let end = this.#cells.length;
    while (end > 0 && this.#cells[end - 1] === ' ') end--;
    if (!paint) return this.#cells.slice(0, end).join('');
    let text = '';
    for (let from = 0; from < end; ) {
      const tone = this.#tones[from] as Tone;
      let to = from + 1;
      while (to < end && this.#tones[to] === tone) to++;
      const piece = this.#cells.slice(from, to).join('');
      text += piece.trim() === '' ? piece : paint(piece, tone);
      from = to;
    }
    return text;
  }
}
