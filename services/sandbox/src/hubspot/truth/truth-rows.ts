import { isoInstant } from '../company/draw.ts';
import type { Kind } from '../company/kind.ts';
import type { ObjectStore } from '../company/object-store.ts';
import { typedValue, UNPARSED } from '../company/typed-value.ts';

type Row = Record<string, unknown>;

/** Counts that HubSpot keeps of other objects change without a sign: they come right only when calculated values are read anew, so no
 *  comparison asks for them. */
const CHANGED_SILENTLY: ReadonlySet<string> = new Set(['num_associated_deals']);

/** Every property of a campaign that the account fills. */
export const CAMPAIGN_TRUTH_PROPERTIES = ['hs_name', 'hs_budget_items_sum_amount', 'hs_currency_code'] as const;

/** Names of tables that differ from the names in paths. */
const STREAMS: Readonly<Record<string, string>> = { users: 'crm_users', deal_split: 'deal_splits' };

/** The stream of a type's objects. */
export function streamOf({ name, isCustom = false }: Kind): string {
  return isCustom ? `custom_${name}` : (STREAMS[name] ?? name);
}

/** Objects that are live, in the columns of their table. */
export function* objectRows(store: ObjectStore, { properties }: Kind): Generator<Row> {
  const compared = properties.filter(({ name }) => !CHANGED_SILENTLY.has(name));
  for (const position of store.live(0)) {
    const values = store.properties(position);
    const row: Row = {
      id: store.idOf(position),
      createdAt: isoInstant(store.createdAt(position)),
      updatedAt: isoInstant(store.modifiedAt(position)),
      archived: false,
    };
    const unparsed: Row = {};
    for (const { name, type } of compared) {
      const raw = values[name] ?? null;
      const value = typedValue(type, raw);
      if (value === UNPARSED) unparsed[name] = raw;
      row[name] = value === UNPARSED ? null : value;
    }
    yield { ...row, _unparsed: Object.keys(unparsed).length > 0 ? unparsed : null };
  }
}
