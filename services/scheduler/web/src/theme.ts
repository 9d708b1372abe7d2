import { computed, effect, signal } from '@preact/signals';
import { stored } from './stored.ts';

const THEMES = ['system', 'light', 'dark'];

const theme = stored<string>('theme', 'system');

effect(() => {
  if (theme.value === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme.value;
});

const dark = matchMedia('(prefers-color-scheme: dark)');
const isSystemDark = signal(dark.matches);
dark.addEventListener('change', () => {
  isSystemDark.value = dark.matches;
});

/** `light` or `dark`, as it is shown: for what is painted and not styled. */
export const shownTheme = computed(() => {
  if (theme.value !== 'system') return theme.value;
  return isSystemDark.value ? 'dark' : 'light';
});

/** As the system, light, dark, and round again. */
export function nextTheme(): void {
  const index = THEMES.indexOf(theme.value);
  theme.value = THEMES[(index + 1) % THEMES.length] ?? 'system';
}
