import type { Request } from 'express';
import { type Account, kindOf, storeOfKind } from '../company/account.ts';
import type { Kind } from '../company/kind.ts';

/** Objects on one page of associations. */
const LINKS_INLINE_MAX = 100;

/** The `associations` of a record in a list, for the types that the request names: one entry for each type of each association. */
export function inlineAssociations(
  account: Account,
  kind: Kind,
  options: { position: number; wanted: readonly string[]; request: Request },
): { associations?: object } {
  const { position, wanted, request } = options;
  const found = wanted.flatMap((name) => {
    const target = kindOf(account, name);
    const all = account.portal.associations.of(kind.name, position, target.name);
    if (all.length === 0) return [];
    const store = storeOfKind(account, target);
    const results = all
      .slice(0, LINKS_INLINE_MAX)
      .flatMap((one) =>
        one.types.map(({ label }) => ({ id: store.idOf(one.position), type: typeName(kind, target, label) })),
      );
    const next = all[LINKS_INLINE_MAX];
    const id = storeOfKind(account, kind).idOf(position);
    const [path] = request.originalUrl.split('?');
    const after = next === undefined ? undefined : store.idOf(next.position);
    const link = `https://api.hubapi.com${path}/${id}/associations/${target.name}?after=${after}`;
    return [[target.name, { results, ...(after !== undefined && { paging: { next: { after, link } } }) }]];
  });
  return found.length === 0 ? {} : { associations: Object.fromEntries(found) };
}

/** `deal_to_company` for the primary one, `deal_to_company_unlabeled`, and the account's own labels. */
function typeName(from: Kind, to: Kind, label: string | null): string {
  const pair = `${from.singular}_to_${to.singular}`;
  if (label === 'Primary') return pair;
  return label === null ? `${pair}_unlabeled` : `${pair}_${label.toLowerCase().replaceAll(' ', '_')}`;
}
