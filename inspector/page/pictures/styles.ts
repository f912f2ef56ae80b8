/** The rules of the page's style sheets as they hold at present: a picture has no window to ask about its width. */
export function presentRules(): string {
  const rules = [...document.styleSheets].flatMap((sheet) => [...inForce(rulesOf(sheet))]);
  return rules.map((rule) => rule.replace(WINDOW_UNITS, inPixels)).join('\n');
}

/** A sheet that is not the page's own, as a browser's extension may add one, may not be read. */
function rulesOf(sheet: CSSStyleSheet): Iterable<CSSRule> {
  try {
    return sheet.cssRules;
  } catch {
    return [];
  }
}

function* inForce(rules: Iterable<CSSRule>): Generator<string> {
  for (const rule of rules) {
    if (!(rule instanceof CSSMediaRule)) yield rule.cssText;
    else if (matchMedia(rule.media.mediaText).matches) yield* inForce(rule.cssRules);
  }
}

const WINDOW_UNITS = /\b(\d+(?:\.\d+)?)v([hw])\b/g;

const inPixels = (_: string, count: string, side: string): string =>
  `${(Number(count) / 100) * (side === 'h' ? innerHeight : innerWidth)}px`;
