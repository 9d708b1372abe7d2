import type { Random } from '../random.ts';
import { type Link, reassociated, withLink } from './deal-companies.ts';
import { KINDS, type KindName } from './kind.ts';
import { FIRST_NAMES, LAST_NAMES } from './names.ts';
import { foundedOwner } from './owners.ts';
import { kinds, type Portal } from './portal.ts';

type Change = (portal: Portal, random: Random, now: number) => string;

/** Most of what happens is editing. */
const CHANGES: readonly (readonly [share: number, change: Change])[] = [
  [0.4, update],
  [0.16, create],
  [0.12, archive],
  [0.08, restore],
  [0.08, merge],
  [0.12, reassociate],
  [0.03, changeOwner],
  [0.01, renameStage],
];

/** Makes one random change. */
export function mutatePortal(portal: Portal, random: Random, now: number): string {
  let draw = random.next();
  for (const [share, change] of CHANGES) {
    if (draw < share) return change(portal, random, now);
    draw -= share;
  }
  return update(portal, random, now);
}

function update(portal: Portal, random: Random, now: number): string {
  const kind = random.pick(KINDS);
  const store = portal.objects[kind];
  const position = store.pickLive(random);
  if (position === undefined) return `no ${kind} to update`;
  store.update(position, kinds[kind].edit(random, portal.world), now);
  return `updated ${kind} ${store.idOf(position)}`;
}

function create(portal: Portal, random: Random, now: number): string {
  const kind = random.pick(KINDS);
  const store = portal.objects[kind];
  const position = store.create(now);
  if (kind === 'deals' && random.chance(0.9)) associate(portal, random, position);
  return `created ${kind} ${store.idOf(position)}`;
}

function archive(portal: Portal, random: Random, now: number): string {
  const kind = random.pick(KINDS);
  const store = portal.objects[kind];
  const position = store.pickLive(random);
  if (position === undefined) return `no ${kind} to archive`;
  store.archive(position, now);
  return `archived ${kind} ${store.idOf(position)}`;
}

function restore(portal: Portal, random: Random, now: number): string {
  const kind = random.pick(KINDS);
  const store = portal.objects[kind];
  const position = store.pickArchived(random);
  if (position === undefined) return `no ${kind} to restore`;
  store.restore(position, now);
  return `restored ${kind} ${store.idOf(position)}`;
}

/** The winner keeps its id and lists the loser, which is in no list any more. */
function merge(portal: Portal, random: Random, now: number): string {
  const kind: KindName = random.pick(['contacts', 'companies', 'deals']);
  const store = portal.objects[kind];
  const winner = store.pickLive(random);
  const loser = store.pickLive(random);
  if (winner === undefined || loser === undefined || winner === loser) return `no two ${kind} to merge`;
  const merged = [store.properties(winner), store.properties(loser)].map((one) => one['hs_merged_object_ids']);
  const ids = [...merged, store.idOf(loser)].filter((one) => typeof one === 'string' && one !== '');
  if (kind === 'companies') portal.dealCompanies.moveCompany(loser, winner);
  if (kind === 'deals') moveLinks(portal, loser, winner);
  store.remove(loser);
  store.update(winner, { hs_merged_object_ids: ids.join(';') }, now);
  return `merged ${kind} ${store.idOf(loser)} into ${store.idOf(winner)}`;
}

function moveLinks(portal: Portal, loser: number, winner: number): void {
  let links: readonly Link[] = portal.dealCompanies.of(winner);
  for (const link of portal.dealCompanies.of(loser)) links = withLink(links, { ...link, isPrimary: false });
  portal.dealCompanies.set(winner, links);
}

/** Most changes of an association leave the deal's modification time as it is. */
function reassociate(portal: Portal, random: Random, now: number): string {
  const { deals } = portal.objects;
  const position = deals.pickLive(random);
  if (position === undefined) return 'no deals to associate';
  associate(portal, random, position);
  if (random.chance(0.3)) deals.update(position, {}, now);
  return `associated deals ${deals.idOf(position)} anew`;
}

function associate(portal: Portal, random: Random, deal: number): void {
  const company = portal.objects.companies.pickLive(random);
  if (company === undefined) return;
  portal.dealCompanies.set(deal, reassociated(portal.dealCompanies.of(deal), company, random));
}

function changeOwner(portal: Portal, random: Random, now: number): string {
  if (random.chance(0.2)) {
    const owner = { ...foundedOwner(portal.owners.length, random, now), archived: false };
    portal.owners.push(owner);
    return `created owner ${owner.id}`;
  }
  const owner = random.pick(portal.owners);
  if (random.chance(0.5)) owner.archived = !owner.archived;
  else {
    owner.firstName = random.pick(FIRST_NAMES);
    owner.lastName = random.pick(LAST_NAMES);
  }
  owner.updatedAt = now;
  return `changed owner ${owner.id}`;
}

function renameStage(portal: Portal, random: Random, now: number): string {
  const pipeline = random.pick(portal.pipelines);
  const stage = random.pick(pipeline.stages);
  stage.label = `${stage.label.replace(/ \d+$/, '')} ${random.integer(2, 99)}`;
  stage.updatedAt = now;
  pipeline.updatedAt = now;
  return `renamed stage ${stage.id}`;
}
