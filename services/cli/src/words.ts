import type { Terminal } from './terminal.ts';

const ICONS: Record<string, [icon: string, colour: 'red' | 'green' | 'yellow' | 'blue' | 'gray']> = {
  loaded: ['✓', 'green'],
  succeeded: ['✓', 'green'],
  pass: ['✓', 'green'],
  failed: ['✗', 'red'],
  fail: ['✗', 'red'],
  error: ['✗', 'red'],
  incomplete: ['!', 'yellow'],
  warn: ['!', 'yellow'],
  suspect: ['!', 'yellow'],
  ok: ['✓', 'green'],
  waiting: ['⧗', 'blue'],
  reading: ['◔', 'blue'],
  running: ['◔', 'blue'],
  loading: ['↓', 'blue'],
};

/** A state with its shape and colour: silhouettes differ too. */
export function state(output: Terminal, name: string): string {
  const [icon, colour] = ICONS[name] ?? ['◌', 'gray'];
  return output.paint(colour, `${icon} ${name}`);
}

/** An instant in UTC, to the minute and to the second. */
export const minute = (at: string): string => at.slice(0, 16).replace('T', ' ');
export const second = (at: string): string => at.slice(0, 19).replace('T', ' ');

export const number = (value: number): string => Math.round(value).toLocaleString('en-GB');

export function duration(seconds: number | null): string {
  if (seconds === null) return '';
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.round((seconds % 3600) / 60)).padStart(2, '0')} m`;
}

export function age(instant: string | null): string {
  if (instant === null) return 'never';
  const seconds = Math.max(0, (Date.now() - Date.parse(instant)) / 1000);
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.round(seconds / 3600)} h` : minute(instant);
}
