import { invalidParameter } from './responses.ts';

export type Row = Record<string, unknown>;

/** Most rows of one page. */
export const PAGE_MAX = 1_000;
const IDS_MAX = 100;

/** Up to 100; unknown ones are left out without a word. */
export function ids(list: string): string[] {
  const all = list.split(',');
  if (all.length > IDS_MAX) throw invalidParameter('ids');
  return all;
}

/** The model without those of its hidden fields that were not asked for. */
export function only(model: Row, hidden: readonly string[], asked: readonly string[]): Row {
  const shown: Row = {};
  for (const name in model) if (!hidden.includes(name) || asked.includes(name)) shown[name] = model[name];
  return shown;
}
