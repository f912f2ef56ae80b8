export type Theme = 'light' | 'dark';

/** The custom properties that a style sheet gives the root of a page in a theme, by name: `--text`. */
export function themeValues(css: string, theme: Theme): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [, selector = '', body = ''] of css.matchAll(/([^{}]*)\{([^{}]*)\}/g)) {
    if (!selector.includes(':root') || (selector.includes('data-theme') && !selector.includes(`"${theme}"`))) continue;
    for (const [, name = '', value = ''] of body.matchAll(/(--[\w-]+)\s*:\s*([^;]+);/g)) values.set(name, value.trim());
  }
  return values;
}
