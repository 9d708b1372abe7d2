import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { isUtc } from '../clock.ts';
import { nextTheme } from '../theme.ts';
import { PAGE_KEYS } from './nav.tsx';

/** The second key of `g n` comes within this time. */
const CHORD_MS = 1_200;

/** Keys of every page. None of them takes anything away. */
export function useKeys(show: (overlay: 'search' | 'keys') => void): void {
  const { route } = useLocation();
  useEffect(() => {
    let goAt = 0;
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        show('search');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page = Date.now() - goAt < CHORD_MS ? PAGE_KEYS.get(event.key) : undefined;
      goAt = event.key === 'g' ? Date.now() : 0;
      if (page !== undefined) route(page.href);
      else if (event.key === '?') show('keys');
      else if (event.key === 't') nextTheme();
      else if (event.key === 'u') isUtc.value = !isUtc.value;
      else if (event.key === '/') focusFilter(event);
      else if (event.key === 'j' || event.key === 'k') moveRow(event, event.key === 'j' ? 1 : -1);
      else if (event.key === 'x') toggleRow(event);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [route, show]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (document.querySelector('dialog[open]') !== null) return true;
  return target.matches('input:not([type=checkbox]), textarea, select') || target.isContentEditable;
}

function focusFilter(event: KeyboardEvent): void {
  const filter = document.querySelector<HTMLInputElement>('main input[type=search]');
  if (filter === null) return;
  event.preventDefault();
  filter.focus();
  filter.select();
}

/** Goes to the link of the next row; on a run's page to the run before or after. */
function moveRow(event: KeyboardEvent, step: 1 | -1): void {
  const neighbour = document.querySelector<HTMLElement>(`main [data-key="${event.key}"]`);
  if (neighbour !== null) {
    neighbour.click();
    return;
  }
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  if (rows.length === 0) return;
  const index = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(rows.length - 1, Math.max(0, index + step))];
  const link = next?.matches('a, button') ? next : next?.querySelector<HTMLElement>('a');
  link?.focus();
  link?.scrollIntoView({ block: 'nearest' });
}

/** Selects the row that has the focus. */
function toggleRow(event: KeyboardEvent): void {
  const row = document.activeElement?.closest('[data-row]');
  const box = row?.querySelector<HTMLInputElement>('input[type=checkbox]');
  if (box === null || box === undefined) return;
  event.preventDefault();
  box.click();
}
