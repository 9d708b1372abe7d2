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
  return seconds < 86_400 ? `${Math.round(seconds / 3600)} h` : instant.slice(0, 16).replace('T', ' ');
}

/** A stream as people name it: `xero.invoices`, `xero/invoices`. @throws when it is no such name */
export function streamName(text: string): { source: string; stream: string } {
  const [source, stream, ...rest] = text.split(/[./]/);
  if (source === undefined || stream === undefined || stream === '' || rest.length > 0)
    throw new Error(`"${text}" is no stream: expected xero.invoices`);
  return { source, stream };
}
