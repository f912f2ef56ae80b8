import { effect, signal } from '@preact/signals';

export type Theme = 'light' | 'dark';

const KEY = 'synod-theme';
const stored = localStorage.getItem(KEY);
const system: Theme = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';

/** As the person chose it, else as the system is set. */
export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : system);

effect(() => {
  document.documentElement.dataset.theme = theme.value;
});

export function toggleTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  localStorage.setItem(KEY, theme.value);
}
