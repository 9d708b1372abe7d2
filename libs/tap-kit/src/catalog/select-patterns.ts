import type { SelectEntry } from './selection.ts';

/** A pattern of `select`: `deals`, `deals.amount`, `deals.hs_*`, `!deals.notes`. */
export const SELECT_PATTERN = /^(?:[A-Za-z_]\w*|!?[A-Za-z_]\w*\.[^.\s]+)$/;

/** What `select` of `config.yml`, or of a connection, chooses. Every stream that is named is read: `deals` with all its fields, `deals.amount` with that
 *  field, `!deals.notes` without it; `*` stands for any characters of a field's name. Of two patterns for a field the later one counts. */
export function parseSelect(patterns: readonly string[]): SelectEntry[] {
  const fields = new Map<string, string[]>();
  for (const pattern of patterns) {
    const isExclusion = pattern.startsWith('!');
    const [stream = '', field = '*'] = pattern.slice(isExclusion ? 1 : 0).split('.');
    const known = fields.get(stream) ?? [];
    fields.set(stream, [...known, isExclusion ? `!${field}` : field]);
  }
  return [...fields].map(([stream, list]) => (list.every(isAll) ? { stream } : { stream, fields: list }));
}

function isAll(field: string): boolean {
  return field === '*';
}
