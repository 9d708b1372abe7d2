import { computed, effect, signal } from '@preact/signals';
import type { Verdict } from './schema.ts';

/** What the open page is called. */
export const pageTitle = signal('');

/** The one sentence about everything, as of the last event. */
export const verdict = signal<Verdict | undefined>(undefined);

export type Mood = 'fail' | 'warn' | 'ok' | 'idle';

const MOODS: Record<Verdict['state'], Mood> = {
  down: 'fail',
  attention: 'fail',
  late: 'warn',
  paused: 'idle',
  first: 'idle',
  fine: 'ok',
};

export const mood = computed<Mood | undefined>(() =>
  verdict.value === undefined ? undefined : MOODS[verdict.value.state],
);

/** Shapes that differ at 16 pixels, also without colour. */
const FAVICONS: Record<Mood, string> = {
  ok: '<circle cx="8" cy="8" r="7" fill="#14946b"/><path d="m5 8 2 2 4-4" fill="none" stroke="#fff" stroke-width="2"/>',
  warn: '<path d="M8 1 16 15H0z" fill="#bc7d00"/><path d="M8 6v4m0 2v1" stroke="#fff" stroke-width="2"/>',
  fail: '<path d="M5 0h6l5 5v6l-5 5H5l-5-5V5z" fill="#b72719"/><path d="m5 5 6 6m0-6-6 6" stroke="#fff" stroke-width="2"/>',
  idle: '<circle cx="8" cy="8" r="6" fill="none" stroke="#7f8898" stroke-width="3"/>',
};

/** Keeps the window's title and its picture at the verdict. */
export function keepTitle(): void {
  effect(() => {
    const count = verdict.value?.count ?? 0;
    const sign = { ok: '✓ ', warn: '! ', fail: count > 0 ? `(${count}) ` : '✕ ', idle: '' }[mood.value ?? 'idle'];
    document.title = `${sign}${pageTitle.value === '' ? '' : `${pageTitle.value} · `}pipeline`;
    const icon = document.getElementById('favicon');
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${FAVICONS[mood.value ?? 'idle']}</svg>`;
    icon?.setAttribute('href', `data:image/svg+xml,${encodeURIComponent(svg)}`);
  });
}
