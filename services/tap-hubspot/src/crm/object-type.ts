import type { Property } from './property.ts';

/** Types of values that streams name in advance. */
type ValueType = 'string' | 'number' | 'bool' | 'date' | 'datetime';

/** A type of CRM object. All of them have the same API, at paths with the type's id: names are inconsistent, ids are not.
 *  @see https://developers.hubspot.com/docs/guides/crm/using-object-apis */
export interface ObjectType {
  /** `0-3`, or `2-…` for an account's own type. */
  id: string;
  /** The stream, and the plural in the names of association streams. */
  name: string;
  /** `deal`: the column of its id in other streams is `deal_id`. */
  singular: string;
  /** Scopes to read it; one of those joined by `|` is enough. */
  scopes: string[];
  /** The property that says when an object was last changed. */
  modifiedProperty: string;
  createdProperty: string;
  /** Properties that every account has: they are columns even before the account is asked, and views may rely on them. */
  standard: Readonly<Record<string, ValueType>>;
  /** Records can be merged, and the one that is left names the others. */
  isMergeable: boolean;
  /** Records go through pipelines, in stages. */
  hasPipelines: boolean;
  /** Properties of which every former value is read. */
  history: readonly string[];
  /** Types with which associations are read. */
  associatedWith: readonly string[];
  isSelectedByDefault: boolean;
}

type Options = Pick<ObjectType, 'id' | 'name' | 'singular' | 'scopes'> & Partial<ObjectType>;

/** Where a record of most types stands. */
const STAGES = ['hs_pipeline', 'hs_pipeline_stage'];

export function objectType(options: Options): ObjectType {
  return {
    modifiedProperty: 'hs_lastmodifieddate',
    createdProperty: 'hs_createdate',
    standard: {},
    isMergeable: false,
    hasPipelines: false,
    history: options.hasPipelines === true ? STAGES : [],
    associatedWith: [],
    isSelectedByDefault: true,
    ...options,
  };
}

/** Lists the ids of those that were merged into it. */
export const MERGED_IDS = 'hs_merged_object_ids';

/** The properties that are known before the account is asked. */
export function standardProperties(type: ObjectType): Property[] {
  const all = {
    ...type.standard,
    [type.createdProperty]: 'datetime',
    [type.modifiedProperty]: 'datetime',
    hs_object_id: 'number',
    [MERGED_IDS]: 'string',
  };
  return Object.entries(all).map(([name, valueType]) => ({ name, type: valueType }));
}

/** Types that an account made for itself. */
export function isCustom({ id }: Pick<ObjectType, 'id'>): boolean {
  return id.startsWith('2-');
}

/** The column that holds the id of an object of this type in another stream. */
export function idColumn({ singular }: Pick<ObjectType, 'singular'>): string {
  return `${singular}_id`;
}
