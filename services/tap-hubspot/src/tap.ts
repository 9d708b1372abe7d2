import { defineTap } from '@pipeline/tap-kit';
import { httpPolicy } from './http.ts';
import { HubspotSettings } from './settings.ts';
import { companies } from './streams/companies.ts';
import { contacts } from './streams/contacts.ts';
import { dealPipelines } from './streams/deal-pipelines.ts';
import { deals } from './streams/deals.ts';
import { lineItems } from './streams/line-items.ts';
import { owners } from './streams/owners.ts';

export const tap = defineTap({
  source: 'hubspot',
  settings: HubspotSettings,
  http: httpPolicy,
  connect: async (http) => {
    await http.json({ path: '/account-info/v3/details' });
    return {};
  },
  streams: [owners, dealPipelines, companies, contacts, deals, lineItems],
});
