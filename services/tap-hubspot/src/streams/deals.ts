import { crmStream } from '../crm-stream.ts';
import { dealsCompanies } from './deals-companies.ts';

export const deals = crmStream({
  name: 'deals',
  standardProperties: {
    amount: 'number',
    amount_in_home_currency: 'number',
    closedate: 'datetime',
    deal_currency_code: 'string',
    dealname: 'string',
    dealstage: 'string',
    dealtype: 'string',
    description: 'string',
    hs_is_closed_won: 'bool',
    hubspot_owner_id: 'string',
    num_associated_contacts: 'number',
    pipeline: 'string',
  },
  children: dealsCompanies,
});
