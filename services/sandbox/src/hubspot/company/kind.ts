import type { Random } from '../../random.ts';
import type { Properties } from './object-store.ts';
import type { PropertyDefinition } from './property-definition.ts';

/** One type of CRM object. */
export interface Kind {
  /** The official type id: `0-3`, or `2-…` for an account's own type. */
  typeId: string;
  /** `deals`: the plural name that paths use. */
  name: string;
  /** `deal`: as associations and messages name it; paths accept it too. */
  singular: string;
  /** Further names that paths accept: the fully qualified name of a custom object. */
  aliases?: readonly string[];
  /** Scopes of which one is needed to read it. */
  scopes: readonly string[];
  firstId: number;
  /** Objects for this many deals. */
  count: (deals: number) => number;
  modifiedProperty: string;
  createdProperty: string;
  /** Read when a request names no properties. */
  defaults: readonly string[];
  properties: readonly PropertyDefinition[];
  /** Whether users can merge two of them. */
  isMergeable?: boolean;
  /** Of the account's own making, with a schema. */
  isCustom?: boolean;
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
  /** Id of the object at this position of the founding data, whatever the position. */
  idOf: (kind: string, position: number) => string;
  /** Live deals that are associated with a company. */
  dealsOfCompany: (companyPosition: number) => number;
  /** Id of the company that is a contact's primary one. */
  primaryCompanyOf: (contactPosition: number) => string | null;
}
