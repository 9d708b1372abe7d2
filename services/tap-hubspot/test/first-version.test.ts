import { column, type JsonSchema } from '@pipeline/singer';
import { tap } from '../src/tap.ts';

const { key, string: text, number, boolean, date, dateTime, integer, object, array } = column;

interface Table {
  keys: string[];
  columns: Record<string, JsonSchema>;
}

const record = { id: key, createdAt: dateTime, updatedAt: dateTime, archived: boolean };
const crm = (columns: Record<string, JsonSchema>, modified = 'hs_lastmodifieddate'): Table => ({
  keys: ['id'],
  columns: {
    ...record,
    ...columns,
    ...{ createdate: dateTime, [modified]: dateTime, hs_object_id: number, hs_merged_object_ids: text },
    ...{ _unparsed: object, _sdc_deleted_at: dateTime },
  },
});

/** The tables that the first version made, with their keys and columns. Views of users stand on them. */
const FIRST_VERSION: Record<string, Table> = {
  owners: {
    keys: ['id'],
    columns: {
      ...{ ...record, email: text, type: text, firstName: text, lastName: text },
      ...{ userId: integer, userIdIncludingInactive: integer, teams: array },
    },
  },
  deal_pipelines: { keys: ['id'], columns: { ...record, label: text, displayOrder: integer } },
  deal_pipeline_stages: {
    keys: ['pipeline_id', 'id'],
    columns: {
      ...{ ...record, pipeline_id: key, label: text, displayOrder: integer, metadata: object },
      writePermissions: text,
    },
  },
  deals: crm({
    ...{ amount: number, amount_in_home_currency: number, closedate: dateTime, deal_currency_code: text },
    ...{ dealname: text, dealstage: text, dealtype: text, description: text, hs_is_closed_won: boolean },
    ...{ hubspot_owner_id: text, num_associated_contacts: number, pipeline: text },
  }),
  deals_companies: {
    keys: ['deal_id', 'company_id', 'association_category', 'association_type_id'],
    columns: {
      ...{ deal_id: key, company_id: key, association_category: key, association_type_id: { type: ['integer'] } },
      ...{ association_label: text, is_primary: boolean },
    },
  },
  contacts: crm(
    {
      ...{ associatedcompanyid: number, company: text, email: text, firstname: text, hs_email_optout: boolean },
      ...{ hs_lead_status: text, hubspot_owner_id: text, jobtitle: text, lastname: text, lifecyclestage: text },
      ...{ num_conversion_events: number, phone: text, recent_conversion_date: dateTime },
    },
    'lastmodifieddate',
  ),
  companies: crm({
    ...{ address: text, annualrevenue: number, city: text, country: text, description: text, domain: text },
    ...{ hs_parent_company_id: number, hubspot_owner_id: text, industry: text, name: text },
    ...{ num_associated_deals: number, numberofemployees: number, state: text },
  }),
  line_items: crm({
    ...{ amount: number, description: text, hs_line_item_currency_code: text, hs_product_id: number },
    ...{ hs_recurring_billing_start_date: date, hs_sku: text, name: text, price: number, quantity: number },
    recurringbillingfrequency: text,
  }),
};

describe.each(Object.entries(FIRST_VERSION))('the table %s of the first version', (name, { keys, columns }) => {
  const shapes = tap.streams.flatMap((stream) => [stream, ...(stream.children ?? [])]);
  const shape = shapes.find((one) => one.name === name);

  it('keeps its key, its columns and their types, and is read by default', () => {
    expect(shape?.keyProperties).toEqual(keys);
    expect(shape?.schema.properties).toMatchObject(columns);
    const owner = tap.streams.find((one) => one === shape || one.children?.some((child) => child === shape));
    expect(owner?.isSelectedByDefault).not.toBe(false);
  });
});
