import type { Random } from '../../random.ts';
import { kinds } from '../kinds/all.ts';
import { FIRST_NAMES, LAST_NAMES } from '../names.ts';
import { PAIRS } from './association-pairs.ts';
import { submit } from './forms.ts';
import { reassociated } from './links.ts';
import { changeMembers } from './lists.ts';
import { foundedEmail } from './marketing.ts';
import { mergeObjects } from './merge.ts';
import type { ObjectStore } from './object-store.ts';
import { foundedOwner } from './owners.ts';
import type { Portal } from './portal.ts';

type Change = (portal: Portal, random: Random, now: number) => string;

/** Most of what happens is editing. */
const CHANGES: readonly (readonly [share: number, change: Change])[] = [
  [0.38, update],
  [0.16, create],
  [0.12, archive],
  [0.08, restore],
  [0.06, merge],
  [0.12, reassociate],
  [0.03, changeOwner],
  [0.01, renameStage],
  [0.01, changeList],
  [0.02, fillInForm],
  [0.01, changeEmail],
];
/** Most of what happens, happens to these. */
const BUSY = ['contacts', 'companies', 'deals', 'line_items'] as const;
const BUSY_SHARE = 0.7;

/** Makes one random change. */
export function mutatePortal(portal: Portal, random: Random, now: number): string {
  let draw = random.next();
  for (const [share, change] of CHANGES) {
    if (draw < share) return change(portal, random, now);
    draw -= share;
  }
  return update(portal, random, now);
}

interface Picked {
  name: string;
  store: ObjectStore;
}

function pickType(portal: Portal, random: Random, among: readonly string[] = [...kinds.keys()]): Picked {
  const name = random.chance(BUSY_SHARE) && among.length > BUSY.length ? random.pick(BUSY) : random.pick(among);
  return { name, store: storeOf(portal, name) };
}

export function storeOf(portal: Portal, name: string): ObjectStore {
  const store = portal.objects.get(name);
  if (store === undefined) throw new RangeError(`no objects of type ${name}`);
  return store;
}

function update(portal: Portal, random: Random, now: number): string {
  const { name, store } = pickType(portal, random);
  const position = store.pickLive(random);
  const changes = kinds.get(name)?.edit(random, portal.world);
  if (position === undefined || changes === undefined) return `no ${name} to update`;
  store.update(position, changes, now);
  return `updated ${name} ${store.idOf(position)}`;
}

function create(portal: Portal, random: Random, now: number): string {
  const { name, store } = pickType(portal, random);
  const position = store.create(now);
  for (const pair of PAIRS) {
    if (pair.from === name && random.chance(0.7)) associate(portal, pair, random, position);
  }
  return `created ${name} ${store.idOf(position)}`;
}

function archive(portal: Portal, random: Random, now: number): string {
  const { name, store } = pickType(portal, random);
  const position = store.pickLive(random);
  if (position === undefined) return `no ${name} to archive`;
  store.archive(position, now);
  return `archived ${name} ${store.idOf(position)}`;
}

function restore(portal: Portal, random: Random, now: number): string {
  const { name, store } = pickType(portal, random);
  const position = store.pickArchived(random);
  if (position === undefined) return `no ${name} to restore`;
  store.restore(position, now);
  return `restored ${name} ${store.idOf(position)}`;
}

function merge(portal: Portal, random: Random, now: number): string {
  const mergeable = [...kinds.values()].filter(({ isMergeable }) => isMergeable).map(({ name }) => name);
  const { name, store } = pickType(portal, random, mergeable);
  const winner = store.pickLive(random);
  const loser = store.pickLive(random);
  if (winner === undefined || loser === undefined || winner === loser) return `no two ${name} to merge`;
  const form = random.chance(0.5) ? 'third-record' : 'winner';
  const survivor = mergeObjects(portal, { type: name, winner, loser, form }, now);
  return `merged ${name} ${store.idOf(loser)} and ${store.idOf(winner)} into ${store.idOf(survivor)}`;
}

/** Most changes of an association leave the modification time as it is. */
function reassociate(portal: Portal, random: Random, now: number): string {
  const pair = random.chance(0.5) ? portal.associations.pair('deals', 'companies') : random.pick(PAIRS);
  const store = storeOf(portal, pair.from);
  const position = store.pickLive(random);
  if (position === undefined) return `no ${pair.from} to associate`;
  associate(portal, pair, random, position);
  // The primary company of a contact is a property of it.
  if (pair.from === 'contacts' || random.chance(0.3)) store.update(position, {}, now);
  return `associated ${pair.from} ${store.idOf(position)} with other ${pair.to}`;
}

function associate(portal: Portal, pair: (typeof PAIRS)[number], random: Random, position: number): void {
  const target = storeOf(portal, pair.to).pickLive(random);
  if (target === undefined) return;
  const links = portal.associations.links(pair);
  links.set(position, reassociated(links.of(position), target, random, pair.primary !== undefined));
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

function changeList(portal: Portal, random: Random, now: number): string {
  const list = random.pick(portal.lists);
  changeMembers(list, storeOf(portal, list.objectTypeId === '0-2' ? 'companies' : 'contacts'), random, now);
  return `changed the members of list ${list.id}`;
}

function fillInForm(portal: Portal, random: Random, now: number): string {
  const form = random.pick(portal.forms.filter(({ type }) => type !== 'blog_comment'));
  submit(form, random, now);
  return `filled in form ${form.id}`;
}

function changeEmail(portal: Portal, random: Random, now: number): string {
  const { emails } = portal.marketing;
  if (random.chance(0.3)) emails.push(foundedEmail(emails.length, random, now));
  const email = random.pick(emails);
  email.subject = `News no. ${random.integer(1, 999)}`;
  email.updatedAt = now;
  return `changed marketing email ${email.id}`;
}
