import type { Drawing } from '../../../src/chart/drawing.ts';

/** The state that is folded or unfolded by what was clicked, if any is. */
export const foldOf = (target: EventTarget | null): string | undefined =>
  (target instanceof Element ? target.getAttribute('data-fold') : null) ?? undefined;

/** Makes what can be pointed at reachable by keyboard, and says to a screen reader what it is. */
export function makeReachable(host: Element, { boxes }: Drawing, folded: readonly string[]): void {
  const keys = new Map(boxes.map(({ id, key }) => [id, key]));
  // A picture has no parts to a screen reader; this one has.
  host.querySelector('svg')?.setAttribute('role', 'group');
  for (const row of host.querySelectorAll('.row[data-refs]')) {
    const words = [...row.querySelectorAll('text')].map(({ textContent }) => textContent).join(' ');
    set(row, { tabindex: '0', role: 'img', 'aria-label': `Transition ${words}` });
  }
  for (const header of host.querySelectorAll('[data-fold]')) {
    const state = header.getAttribute('data-fold') ?? '';
    const expanded = String(!folded.includes(state));
    set(header, {
      tabindex: '0',
      role: 'button',
      'aria-expanded': expanded,
      'aria-label': `States in ${keys.get(state)}`,
    });
  }
}

function set(element: Element, attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
