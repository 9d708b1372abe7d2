import { effect } from '@preact/signals';
import { stored } from './stored.ts';

const THEMES = ['system', 'light', 'dark'];

export const theme = stored<string>('theme', 'system');

effect(() => {
  if (theme.value === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme.value;
});

/** As the system, light, dark, and round again. */
export function nextTheme(): void {
  const index = THEMES.indexOf(theme.value);
  theme.value = THEMES[(index + 1) % THEMES.length] ?? 'system';
}
