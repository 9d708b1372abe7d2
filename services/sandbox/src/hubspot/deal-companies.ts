import type { Random } from '../random.ts';
import { rowRandom } from './draw.ts';

/** A company that a deal is associated with: besides the plain association it may be the primary one, or carry a label of the account's own. */
export interface Link {
  company: number;
  isPrimary: boolean;
  isReseller: boolean;
}

/** The types of an association as the v4 API lists them. Type ids are unique only within a category. */
export const PRIMARY = { category: 'HUBSPOT_DEFINED', typeId: 5, label: 'Primary' };
export const UNLABELED = { category: 'HUBSPOT_DEFINED', typeId: 341, label: null };
export const RESELLER = { category: 'USER_DEFINED', typeId: 1, label: 'Reseller' };

const SALT = 5;
/** A consortium: more companies than fit on one page of associations. */
const CONSORTIUM_DEAL = 7;
const CONSORTIUM_COMPANIES = 125;

/** Which deals belong to which companies. The founding links are drawn when asked for: neighbouring deals share a company, so both
 *  directions are quick. */
export class DealCompanies {
  readonly #seed: number;
  readonly #deals: number;
  readonly #companies: number;
  readonly #changed = new Map<number, Link[]>();
  /** Deals of {@link #changed} by company. */
  readonly #changedByCompany = new Map<number, Set<number>>();

  constructor(options: { seed: number; deals: number; companies: number }) {
    this.#seed = options.seed;
    this.#deals = options.deals;
    this.#companies = options.companies;
  }

  /** Ascending by company. */
  of(deal: number): readonly Link[] {
    return this.#changed.get(deal) ?? this.#founded(deal);
  }

  set(deal: number, links: readonly Link[]): void {
    for (const { company } of this.#changed.get(deal) ?? []) this.#changedByCompany.get(company)?.delete(deal);
    const sorted = [...links].sort((one, other) => one.company - other.company);
    this.#changed.set(deal, sorted);
    for (const { company } of sorted) {
      const deals = this.#changedByCompany.get(company) ?? new Set();
      this.#changedByCompany.set(company, deals.add(deal));
    }
  }

  /** Deals linked to a company, archived ones included. */
  dealsOf(company: number): number[] {
    const founded = this.#candidates(company).filter(
      (deal) => !this.#changed.has(deal) && this.#founded(deal).some((link) => link.company === company),
    );
    return [...founded, ...(this.#changedByCompany.get(company) ?? [])];
  }

  /** Puts the winner in the place of a company that was merged into it. */
  moveCompany(loser: number, winner: number): void {
    for (const deal of this.dealsOf(loser)) {
      const links = this.of(deal);
      const moved = links.find((link) => link.company === loser);
      if (moved === undefined) continue;
      this.set(
        deal,
        withLink(
          links.filter((link) => link !== moved),
          { ...moved, company: winner },
        ),
      );
    }
  }

  #founded(deal: number): Link[] {
    if (deal >= this.#deals) return [];
    if (deal === CONSORTIUM_DEAL) {
      return Array.from({ length: CONSORTIUM_COMPANIES }, (_, company) => ({
        company,
        isPrimary: company === 0,
        isReseller: false,
      }));
    }
    const random = rowRandom(this.#seed, SALT, deal);
    if (random.chance(0.1)) return [];
    const company = this.#ownCompany(deal);
    const own = { company, isPrimary: random.chance(0.95), isReseller: random.chance(0.05) };
    const partner = { company: company + 1, isPrimary: false, isReseller: random.chance(0.5) };
    return random.chance(0.15) && partner.company < this.#companies ? [own, partner] : [own];
  }

  #ownCompany(deal: number): number {
    return Math.min(this.#companies - 1, Math.floor((deal * this.#companies) / this.#deals));
  }

  /** Deals whose founding links may name this company. */
  #candidates(company: number): number[] {
    const first = Math.max(0, Math.floor(((company - 1) * this.#deals) / this.#companies) - 1);
    const last = Math.min(this.#deals - 1, Math.ceil(((company + 1) * this.#deals) / this.#companies));
    const near = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
    return near.includes(CONSORTIUM_DEAL) ? near : [...near, CONSORTIUM_DEAL];
  }
}

/** The links with one more; a link to the same company is joined with it, and only one company is the primary one. */
export function withLink(links: readonly Link[], link: Link): Link[] {
  const same = links.find(({ company }) => company === link.company);
  const joined = {
    ...link,
    isPrimary: link.isPrimary || same?.isPrimary === true,
    isReseller: link.isReseller || same?.isReseller === true,
  };
  const others = links.filter(({ company }) => company !== link.company);
  return [...others.map((other) => (joined.isPrimary ? { ...other, isPrimary: false } : other)), joined];
}

/** Another set of companies for a deal: one more, one less, or another primary one. */
export function reassociated(links: readonly Link[], company: number, random: Random): Link[] {
  if (links.length > 0 && random.chance(0.4)) {
    const dropped = random.pick(links);
    return links.filter((link) => link !== dropped);
  }
  return withLink(links, { company, isPrimary: random.chance(0.5), isReseller: random.chance(0.3) });
}

/** The types of one link, as the API lists them. */
export function typesOf(link: Link): { category: string; typeId: number; label: string | null }[] {
  return [...(link.isPrimary ? [PRIMARY] : []), UNLABELED, ...(link.isReseller ? [RESELLER] : [])];
}
