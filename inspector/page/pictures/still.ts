/** A copy of an element that looks as the element does at present, where no script runs: of canvases, what is drawn on them. */
export function still(element: HTMLElement): HTMLElement {
  const copy = element.cloneNode(true) as HTMLElement;
  settle(element, copy);
  for (const part of copy.querySelectorAll<HTMLElement>('[data-unpictured]')) part.style.visibility = 'hidden';
  return copy;
}

/** From the inside outwards, since a canvas gives way to an image. */
function settle(original: Element, copy: Element): void {
  const copies = [...copy.children];
  for (const [at, child] of [...original.children].entries()) settle(child, copies[at] as Element);
  if (!(original instanceof HTMLElement && copy instanceof HTMLElement)) return;
  keepScrolled(original, copy);
  keepEntered(original, copy);
  if (original instanceof HTMLCanvasElement) copy.replaceWith(imageOf(original));
}

/** What a person entered or chose stands in properties; a copy has attributes alone. */
function keepEntered(original: HTMLElement, copy: HTMLElement): void {
  if (original instanceof HTMLInputElement) {
    copy.setAttribute('value', original.value);
    copy.toggleAttribute('checked', original.checked);
  } else if (original instanceof HTMLTextAreaElement) copy.textContent = original.value;
  else if (original instanceof HTMLOptionElement) copy.toggleAttribute('selected', original.selected);
}

/** What is scrolled is moved instead. */
function keepScrolled(original: HTMLElement, copy: HTMLElement): void {
  const { scrollTop, scrollLeft, scrollHeight, scrollWidth, clientHeight, clientWidth, offsetWidth } = original;
  if (scrollHeight <= clientHeight && scrollWidth <= clientWidth) return;
  const { overflowX, overflowY, borderLeftWidth, borderRightWidth } = getComputedStyle(original);
  if (![overflowX, overflowY].some((overflow) => overflow === 'auto' || overflow === 'scroll')) return;
  copy.style.overflow = 'hidden';
  const bar = offsetWidth - clientWidth - Number.parseFloat(borderLeftWidth) - Number.parseFloat(borderRightWidth);
  if (bar > 0.5) copy.style.setProperty('scrollbar-gutter', 'stable');
  if (scrollTop > 0 || scrollLeft > 0) move(original, copy, -scrollLeft, -scrollTop);
}

/**
 * Moves all that is in an element, by margins where one thing follows another: what sticks to an edge stays there then, as in what is scrolled.
 * What stands below the first goes up with it, what stands beside the first goes to the left with it.
 */
function move(original: HTMLElement, copy: HTMLElement, x: number, y: number): void {
  const { display, flexDirection } = getComputedStyle(original);
  const isRow = display.includes('flex') && flexDirection.startsWith('row');
  let isFirst = true;
  for (const [at, child] of [...original.children].entries()) {
    const moved = copy.children[at];
    const style = getComputedStyle(child);
    if (!(moved instanceof HTMLElement || moved instanceof SVGElement) || style.display === 'none') continue;
    if (style.float !== 'none' || style.position === 'absolute') {
      moved.style.translate = `${x}px ${y}px`;
      continue;
    }
    if (y !== 0 && (isFirst || isRow)) moved.style.marginTop = `${Number.parseFloat(style.marginTop) + y}px`;
    if (x !== 0 && (isFirst || !isRow)) moved.style.marginLeft = `${Number.parseFloat(style.marginLeft) + x}px`;
    isFirst = false;
  }
}

const PLACED = ['position', 'inset', 'display', 'width', 'height', 'margin', 'border-radius'] as const;

function imageOf(canvas: HTMLCanvasElement): HTMLImageElement {
  const image = document.createElement('img');
  const style = getComputedStyle(canvas);
  for (const name of PLACED) image.style.setProperty(name, style.getPropertyValue(name));
  image.className = canvas.className;
  image.src = canvas.toDataURL();
  return image;
}
