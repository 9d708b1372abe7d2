import { crmStream } from '../crm-stream.ts';

export const companies = crmStream({
  name: 'companies',
  standardProperties: {
    address: 'string',
    annualrevenue: 'number',
    city: 'string',
    country: 'string',
    description: 'string',
    domain: 'string',
    hs_parent_company_id: 'number',
    hubspot_owner_id: 'string',
    industry: 'string',
    name: 'string',
    num_associated_deals: 'number',
    numberofemployees: 'number',
    state: 'string',
  },
});
