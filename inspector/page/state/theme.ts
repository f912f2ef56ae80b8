import { effect, signal } from '@preact/signals';
import type { Theme } from '../../src/theme.ts';

const KEY = 'synod-theme';
const stored = remembered();
const system: Theme = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';

/** As the person chose it, else as the system is set. */
export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : system);

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

export function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  remember(theme.value);
}

/** Some pages, a file in a sandbox among them, may remember nothing. */
function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(value: Theme): void {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // It holds as long as the page is open.
  }
}
