import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import { ASSOCIATION_INPUTS_MAX, type Association, readAssociations } from '../associations.ts';
import type { Children } from '../children.ts';

/** HubSpot's own type of the association of a deal with its primary company. Its label may be translated, its id is not. */
const PRIMARY_TYPE_ID = 5;

/** Which companies a deal belongs to: one row for each type of association, so a primary company has two. The ids of types are unique
 *  only within their category. */
export const dealsCompanies: Children = {
  shape: {
    name: 'deals_companies',
    keyProperties: ['deal_id', 'company_id', 'association_category', 'association_type_id'],
    schema: objectSchema({
      deal_id: column.key,
      company_id: column.key,
      association_category: column.key,
      association_type_id: { type: ['integer'] },
      association_label: column.string,
      is_primary: column.boolean,
    }),
  },
  parentKey: { deal_id: 'id' },
  parentsMax: ASSOCIATION_INPUTS_MAX,
  read: async (http, dealIds) => {
    const associations = await readAssociations(http, { from: 'deals', to: 'companies' }, dealIds);
    return associations.map(dealCompany);
  },
};

function dealCompany({ fromId, toId, category, typeId, label }: Association): JsonObject {
  return {
    deal_id: fromId,
    company_id: toId,
    association_category: category,
    association_type_id: typeId,
    association_label: label,
    is_primary: category === 'HUBSPOT_DEFINED' && typeId === PRIMARY_TYPE_ID,
  };
}
