import { isSynodError, SynodError } from '@synod/protocol';
import { sheet } from './sheet.ts';
import type { ElementTheme } from './types.ts';

// Where there is no document, as on a server, the module can be loaded all the same.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/** What the elements have in common: a shadow tree with its styles, a theme, and one update for all that changes at once. */
export abstract class SynodElement extends Base {
  /** What the theme's colours are set on. */
  protected readonly body: HTMLElement;
  readonly #problem: HTMLElement;
  #isDue = false;
  #ending = new AbortController();

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet()];
    this.body = made('div', { class: 'synod' });
    this.#problem = made('p', { class: 'problem', role: 'alert', hidden: '' });
    this.body.append(this.#problem);
    root.append(this.body);
  }

  get theme(): ElementTheme {
    return choice(this.getAttribute('theme'), ['auto', 'light', 'dark']);
  }
  set theme(theme: ElementTheme) {
    this.setAttribute('theme', theme);
  }

  connectedCallback(): void {
    this.#ending = new AbortController();
    this.#upgrade();
    matchMedia(DARK).addEventListener('change', () => this.changed(), { signal: this.#ending.signal });
    this.connected(this.#ending.signal);
    this.changed();
  }

  disconnectedCallback(): void {
    this.#ending.abort();
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before !== after) this.changed();
  }

  /** Begins what ends when the element leaves its page. */
  protected abstract connected(ending: AbortSignal): void;
  /** Shows everything as it is now. */
  protected abstract update(): void;

  /** Updates, once all that is being set has been set. */
  protected changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (!this.isConnected) return;
      const { theme } = this;
      this.body.dataset.theme = theme !== 'auto' ? theme : matchMedia(DARK).matches ? 'dark' : 'light';
      this.update();
    });
  }

  /** Says what is wrong, in the element and by an event; undefined when nothing is. */
  protected fail(error: unknown, code = 'UNEXPECTED'): void {
    this.#problem.hidden = error === undefined;
    if (error === undefined) return;
    const coded = isSynodError(error) ? error : codedAs(error, code);
    this.#problem.textContent = `${coded.code}: ${coded.message}`;
    this.dispatchEvent(new CustomEvent('error', { detail: coded }));
  }

  /** What was set before the element was defined hides its accessors. */
  #upgrade(): void {
    const accessors: object = Object.getPrototypeOf(this);
    for (const name of Object.keys(this)) {
      if (!(name in accessors)) continue;
      const value: unknown = Reflect.get(this, name);
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
  }
}

const DARK = '(prefers-color-scheme: dark)';

function codedAs(error: unknown, code: string): SynodError {
  const own = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : code;
  return new SynodError(own, error instanceof Error ? error.message : String(error), { cause: error });
}

/** A value as one of those that are known; the first where it is none of them. */
export const choice = <T extends string>(value: string | null, known: readonly [T, ...T[]]): T =>
  known.find((each) => each === value) ?? known[0];

export function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  for (const child of children) element.append(child);
  return element;
}
