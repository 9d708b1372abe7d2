import type { Random } from '../random.ts';
import type { SourceApiOptions } from '../source-api.ts';
import { companiesKind } from './companies-kind.ts';
import { contactsKind } from './contacts-kind.ts';
import { DealCompanies } from './deal-companies.ts';
import { foundedPipelines, type Pipeline } from './deal-pipelines.ts';
import { dealsKind } from './deals-kind.ts';
import type { Kind, KindName, World } from './kind.ts';
import { lineItemsKind } from './line-items-kind.ts';
import { ObjectStore } from './object-store.ts';
import { foundedOwners, type Owner } from './owners.ts';

export const PORTAL_ID = 62_515;

export const kinds: Record<KindName, Kind> = {
  contacts: contactsKind,
  companies: companiesKind,
  deals: dealsKind,
  line_items: lineItemsKind,
};

/** Everything in the account. */
export interface Portal {
  objects: Record<KindName, ObjectStore>;
  dealCompanies: DealCompanies;
  owners: Owner[];
  pipelines: Pipeline[];
  world: World;
}

export function foundedPortal({ deals, random }: Pick<SourceApiOptions, 'deals' | 'random'>): Portal {
  const seed = random.integer(0, 2 ** 31);
  const companies = companiesKind.count(deals);
  const dealCompanies = new DealCompanies({ seed, deals, companies });
  const owners = foundedOwners(deals, random.fork());
  const world: World = {
    seed,
    deals,
    ownerIds: owners.map(({ id }) => id),
    companyId: (position) => objects.companies.idOf(position),
    dealsOfCompany: (company) => dealCompanies.dealsOf(company).filter((deal) => objects.deals.isLive(deal)).length,
  };
  const objects = {
    contacts: foundedStore(contactsKind, world),
    companies: foundedStore(companiesKind, world),
    deals: foundedStore(dealsKind, world),
    line_items: foundedStore(lineItemsKind, world),
  };
  archiveSome(objects, random.fork());
  return { objects, dealCompanies, owners, pipelines: foundedPipelines(), world };
}

function foundedStore(kind: Kind, world: World): ObjectStore {
  const { firstId, modifiedProperty, calculate } = kind;
  return new ObjectStore({
    firstId,
    modifiedProperty,
    count: kind.count(world.deals),
    seed: world.seed,
    describe: (position) => kind.describe(position, world),
    ...(calculate && { calculate: (properties, position) => calculate(properties, position, world) }),
  });
}

/** A few objects of each kind were deleted before anyone read them. */
function archiveSome(objects: Record<KindName, ObjectStore>, random: Random): void {
  for (const store of Object.values(objects)) {
    const count = Math.min(200, Math.ceil(store.length * 0.01));
    for (let index = 0; index < count; index += 1) {
      const position = store.pickLive(random);
      if (position !== undefined)
        store.archive(position, store.modifiedAt(position) + random.integer(1_000, 3_600_000));
    }
  }
}
