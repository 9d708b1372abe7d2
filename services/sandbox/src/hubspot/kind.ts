import type { Random } from '../random.ts';
import type { Properties } from './object-store.ts';
import type { PropertyDefinition } from './property-definition.ts';

export const KINDS = ['contacts', 'companies', 'deals', 'line_items'] as const;
export type KindName = (typeof KINDS)[number];

/** One kind of CRM object. */
export interface Kind {
  name: KindName;
  /** `deal`: as associations and messages name it. */
  singular: string;
  firstId: number;
  /** Objects for this many deals. */
  count: (deals: number) => number;
  modifiedProperty: string;
  /** Read when a request names no properties. */
  defaults: readonly string[];
  properties: readonly PropertyDefinition[];
  /** The values of the object at this position. */
  describe: (position: number, world: World) => Properties;
  calculate?: (properties: Properties, position: number, world: World) => Properties;
  /** A change that a user could make. */
  edit: (random: Random, world: World) => Properties;
}

/** What one kind knows of the others. */
export interface World {
  seed: number;
  deals: number;
  ownerIds: readonly string[];
  /** Id of the company at this position of the founding data, whatever the position. */
  companyId: (position: number) => string;
  /** Live deals that are associated with a company. */
  dealsOfCompany: (companyPosition: number) => number;
}
