import type { Random } from '../../random.ts';
import type { SourceApiOptions } from '../../source-api.ts';
import { kinds } from '../kinds/all.ts';
import type { Pair } from './association-pairs.ts';
import { Associations } from './associations.ts';
import { type Form, foundedForms } from './forms.ts';
import type { Kind, World } from './kind.ts';
import { Links } from './links.ts';
import { type ContactList, foundedLists } from './lists.ts';
import { foundedMarketing, type Marketing } from './marketing.ts';
import { ObjectStore } from './object-store.ts';
import { foundedOwners, type Owner } from './owners.ts';
import { foundedPipelines, type Pipeline } from './pipelines.ts';

export const PORTAL_ID = 62_515;

/** The deal with a consortium: more companies than fit on one page of associations. */
const CROWD = { position: 7, size: 125 };
const LINKS_SALT = 5;
const ARCHIVED_SHARE = 0.01;
const ARCHIVED_MAX = 200;

/** Everything in the account. */
export interface Portal {
  objects: ReadonlyMap<string, ObjectStore>;
  associations: Associations;
  owners: Owner[];
  pipelines: Pipeline[];
  lists: ContactList[];
  forms: Form[];
  marketing: Marketing;
  world: World;
}

export interface PortalOptions extends Pick<SourceApiOptions, 'deals' | 'random'> {
  /** Objects of each type that were archived before anyone reads them. @default 1 in 100, at most 200 */
  archived?: number;
}

export function foundedPortal({ deals, random, archived }: PortalOptions): Portal {
  const seed = random.integer(0, 2 ** 31);
  const owners = foundedOwners(deals, random.fork());
  const objects = new Map<string, ObjectStore>();
  const storeOf = (name: string): ObjectStore => {
    const store = objects.get(name);
    if (store === undefined) throw new RangeError(`no objects of type ${name}`);
    return store;
  };
  const world: World = {
    seed,
    deals,
    ownerIds: owners.map(({ id }) => id),
    idOf: (kind, position) => storeOf(kind).idOf(position),
    dealsOfCompany: (company) => associations.of('companies', company, 'deals').length,
    primaryCompanyOf: (contact) => primaryCompany(associations, storeOf('companies'), contact),
  };
  for (const kind of kinds.values()) objects.set(kind.name, foundedStore(kind, world));
  const associations = new Associations(objects, (pair) => foundedLinks(pair, storeOf, seed));
  archiveSome(objects, random.fork(), archived);
  const marketing = random.fork();
  return {
    objects,
    associations,
    owners,
    pipelines: foundedPipelines(),
    lists: foundedLists(storeOf('contacts'), storeOf('companies'), marketing),
    forms: foundedForms(deals, marketing),
    marketing: foundedMarketing(deals, marketing),
    world,
  };
}

function foundedStore(kind: Kind, world: World): ObjectStore {
  const { firstId, modifiedProperty, createdProperty, calculate } = kind;
  return new ObjectStore({
    firstId,
    modifiedProperty,
    createdProperty,
    count: kind.count(world.deals),
    seed: world.seed,
    describe: (position) => kind.describe(position, world),
    ...(calculate && { calculate: (properties, position) => calculate(properties, position, world) }),
  });
}

function foundedLinks(pair: Pair, storeOf: (name: string) => ObjectStore, seed: number): Links {
  const isConsortium = pair.from === 'deals' && pair.to === 'companies';
  return new Links({
    seed,
    salt: LINKS_SALT + (isConsortium ? 0 : pair.unlabelled[0]),
    from: storeOf(pair.from).length,
    to: storeOf(pair.to).length,
    none: pair.none,
    primary: pair.primary === undefined ? 0 : 0.95,
    ...(isConsortium && { crowd: CROWD }),
  });
}

/** The company that was made the primary one, whatever became of it. */
function primaryCompany(associations: Associations, companies: ObjectStore, contact: number): string | null {
  const pair = associations.pair('contacts', 'companies');
  const link = associations
    .links(pair)
    .of(contact)
    .find(({ isPrimary }) => isPrimary);
  return link === undefined ? null : companies.idOf(link.to);
}

/** A few objects of each kind were deleted before anyone read them. */
function archiveSome(objects: ReadonlyMap<string, ObjectStore>, random: Random, archived: number | undefined): void {
  for (const store of objects.values()) {
    const count = archived ?? Math.min(ARCHIVED_MAX, Math.ceil(store.length * ARCHIVED_SHARE));
    for (let index = 0; index < Math.min(count, store.length - 1); index += 1) {
      const position = store.pickLive(random);
      if (position === undefined) continue;
      store.archive(position, store.modifiedAt(position) + random.integer(1_000, 3_600_000));
    }
  }
}
