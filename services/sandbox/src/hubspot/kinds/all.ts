import type { Kind } from '../company/kind.ts';
import { commerceKinds, libraryKinds } from './commerce.ts';
import { companiesKind } from './companies.ts';
import { contactsKind } from './contacts.ts';
import { customKinds } from './custom.ts';
import { dealsKind } from './deals.ts';
import { engagementKinds } from './engagements.ts';
import { lineItemsKind } from './line-items.ts';
import { serviceKinds } from './service.ts';

/** Every type of CRM object, by the name in its paths. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  [
    contactsKind,
    companiesKind,
    dealsKind,
    lineItemsKind,
    ...engagementKinds,
    ...serviceKinds,
    ...commerceKinds,
    ...libraryKinds,
    ...customKinds,
  ].map((kind) => [kind.name, kind]),
);
