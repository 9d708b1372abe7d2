import type { Random } from '../../random.ts';
import { rowRandom } from './draw.ts';

/** One object that another is associated with: besides the plain association it may be the primary one, or carry a label of the account's own. */
export interface Link {
  to: number;
  isPrimary: boolean;
  isLabelled: boolean;
}

export interface LinksOptions {
  seed: number;
  salt: number;
  /** Objects of the founding data on both sides. */
  from: number;
  to: number;
  /** Share of objects without any. */
  none: number;
  /** Share of associations that are the primary one, of those pairs that have primary ones. */
  primary: number;
  /** An object with more associations than fit on one page. */
  crowd?: { position: number; size: number };
}

const PARTNER_SHARE = 0.15;
const LABEL_SHARE = 0.05;

/** Which objects of one type belong to which of another. The founding links are drawn when asked for: neighbours share an object, so both
 *  directions are quick. */
export class Links {
  readonly #options: LinksOptions;
  readonly #changed = new Map<number, Link[]>();
  /** Positions of {@link #changed} by the object they point at. */
  readonly #changedByTarget = new Map<number, Set<number>>();

  constructor(options: LinksOptions) {
    this.#options = options;
  }

  /** Ascending. */
  of(from: number): readonly Link[] {
    return this.#changed.get(from) ?? this.#founded(from);
  }

  set(from: number, links: readonly Link[]): void {
    for (const { to } of this.#changed.get(from) ?? []) this.#changedByTarget.get(to)?.delete(from);
    const sorted = [...links].sort((one, other) => one.to - other.to);
    this.#changed.set(from, sorted);
    for (const { to } of sorted) {
      const froms = this.#changedByTarget.get(to) ?? new Set();
      this.#changedByTarget.set(to, froms.add(from));
    }
  }

  /** Objects that point at this one, archived ones included. Ascending. */
  to(target: number): number[] {
    const founded = this.#candidates(target).filter(
      (from) => !this.#changed.has(from) && this.#founded(from).some((link) => link.to === target),
    );
    return [...founded, ...(this.#changedByTarget.get(target) ?? [])].sort((one, other) => one - other);
  }

  /** Puts another object in the place of one that was merged into it. Returns the objects that pointed at it. */
  moveTarget(loser: number, winner: number): number[] {
    const moved: number[] = [];
    for (const from of this.to(loser)) {
      const links = this.of(from);
      const link = links.find(({ to }) => to === loser);
      if (link === undefined) continue;
      const others = links.filter((one) => one !== link);
      this.set(from, withLink(others, { ...link, to: winner }));
      moved.push(from);
    }
    return moved;
  }

  /** Gives what one object is associated with to another one that it was merged into. */
  moveSource(loser: number, winner: number): void {
    let links: readonly Link[] = this.of(winner);
    for (const link of this.of(loser)) {
      const hasPrimary = links.some(({ isPrimary }) => isPrimary);
      links = withLink(links, { ...link, isPrimary: link.isPrimary && !hasPrimary });
    }
    this.set(winner, links);
  }

  #founded(from: number): Link[] {
    const { seed, salt, none, primary, crowd, to: targets } = this.#options;
    if (from >= this.#options.from || targets === 0) return [];
    if (from === crowd?.position) {
      const size = Math.min(crowd.size, targets);
      return Array.from({ length: size }, (_, to) => ({ to, isPrimary: to === 0 && primary > 0, isLabelled: false }));
    }
    const random = rowRandom(seed, salt, from);
    if (random.chance(none)) return [];
    const to = this.#ownTarget(from);
    const own = { to, isPrimary: random.chance(primary), isLabelled: random.chance(LABEL_SHARE) };
    const partner = { to: to + 1, isPrimary: false, isLabelled: random.chance(0.5) };
    return random.chance(PARTNER_SHARE) && partner.to < targets ? [own, partner] : [own];
  }

  #ownTarget(from: number): number {
    const { to, from: sources } = this.#options;
    return Math.min(to - 1, Math.floor((from * to) / sources));
  }

  /** Objects whose founding links may name this one. */
  #candidates(target: number): number[] {
    const { from, to, crowd } = this.#options;
    if (to === 0 || from === 0) return [];
    const first = Math.max(0, Math.floor(((target - 1) * from) / to) - 1);
    const last = Math.min(from - 1, Math.ceil(((target + 1) * from) / to));
    const near = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
    return crowd === undefined || near.includes(crowd.position) ? near : [...near, crowd.position];
  }
}

/** The links with one more; a link to the same object is joined with it, and only one is the primary one. */
function withLink(links: readonly Link[], link: Link): Link[] {
  const same = links.find(({ to }) => to === link.to);
  const joined = {
    ...link,
    isPrimary: link.isPrimary || same?.isPrimary === true,
    isLabelled: link.isLabelled || same?.isLabelled === true,
  };
  const others = links.filter(({ to }) => to !== link.to);
  return [...others.map((other) => (joined.isPrimary ? { ...other, isPrimary: false } : other)), joined];
}

/** Another set of associations: one more, one less, or another primary one. */
export function reassociated(links: readonly Link[], to: number, random: Random, hasPrimary: boolean): Link[] {
  if (links.length > 0 && random.chance(0.4)) {
    const dropped = random.pick(links);
    return links.filter((link) => link !== dropped);
  }
  return withLink(links, { to, isPrimary: hasPrimary && random.chance(0.5), isLabelled: random.chance(0.3) });
}
