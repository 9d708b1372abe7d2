import { type AssociationType, PAIRS, type Pair, typesOfLink, typesOfPair } from './association-pairs.ts';
import type { Links } from './links.ts';
import type { ObjectStore } from './object-store.ts';

/** One associated object, with the types of the association. */
export interface Associated {
  position: number;
  types: AssociationType[];
}

/** All associations of the account, from either side. */
export class Associations {
  readonly #links: ReadonlyMap<Pair, Links>;
  readonly #stores: ReadonlyMap<string, ObjectStore>;

  constructor(stores: ReadonlyMap<string, ObjectStore>, linksOf: (pair: Pair) => Links) {
    this.#stores = stores;
    this.#links = new Map(PAIRS.map((pair) => [pair, linksOf(pair)]));
  }

  /** Live objects of a type that one object is associated with, ascending. */
  of(from: string, position: number, to: string): Associated[] {
    const found = this.#find(from, to);
    if (found === undefined) return [];
    const { pair, links, isReversed } = found;
    const targets = this.#stores.get(to);
    const all = isReversed
      ? links
          .to(position)
          .flatMap((source) =>
            links.of(source).flatMap((link) => (link.to === position ? [{ position: source, link }] : [])),
          )
      : links.of(position).map((link) => ({ position: link.to, link }));
    return all
      .filter((one) => targets?.isLive(one.position) === true)
      .map((one) => ({ position: one.position, types: typesOfLink(pair, one.link, isReversed) }));
  }

  /** The types that associations between two types of objects may have. */
  types(from: string, to: string): AssociationType[] {
    const found = this.#find(from, to);
    return found === undefined ? [] : typesOfPair(found.pair, found.isReversed);
  }

  /** The pair of two types, in the direction of its table. */
  pair(from: string, to: string): Pair {
    const found = PAIRS.find((pair) => pair.from === from && pair.to === to);
    if (found === undefined) throw new RangeError(`no associations from ${from} to ${to}`);
    return found;
  }

  links(pair: Pair): Links {
    const links = this.#links.get(pair);
    if (links === undefined) throw new RangeError('no such pair');
    return links;
  }

  /** Types that have associations with this one. */
  partnersOf(type: string): string[] {
    return PAIRS.flatMap(({ from, to }) => (from === type ? [to] : to === type ? [from] : []));
  }

  /** One object takes the place of another in every association. Returns those of other types that pointed at it, by pair. */
  move(type: string, loser: number, winner: number): { pair: Pair; sources: number[] }[] {
    const moved: { pair: Pair; sources: number[] }[] = [];
    for (const [pair, links] of this.#links) {
      if (pair.from === type) links.moveSource(loser, winner);
      if (pair.to === type) moved.push({ pair, sources: links.moveTarget(loser, winner) });
    }
    return moved;
  }

  #find(from: string, to: string): { pair: Pair; links: Links; isReversed: boolean } | undefined {
    for (const [pair, links] of this.#links) {
      if (pair.from === from && pair.to === to) return { pair, links, isReversed: false };
      if (pair.from === to && pair.to === from) return { pair, links, isReversed: true };
    }
    return undefined;
  }
}
