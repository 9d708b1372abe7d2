import { column, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import { wholeCollection } from '../reading/collection.ts';
import { pathOf } from '../reading/paths.ts';
import type { Settings } from '../settings.ts';

const PAGE = 100;
/** Properties of a campaign that a request may name: others that begin with `hs_` are refused, although the account lists them. */
const CAMPAIGN_PROPERTIES = [
  'hs_name',
  'hs_start_date',
  'hs_end_date',
  'hs_notes',
  'hs_audience',
  'hs_currency_code',
  'hs_campaign_status',
  'hs_owner',
  'hs_color_hex',
  'hs_created_by_user_id',
  'hs_object_id',
  'hs_budget_items_sum_amount',
  'hs_spend_items_sum_amount',
  'hs_utm',
  'hs_goal',
];

/** Marketing emails with their statistics, which change without a sign: all of them are read each time. */
export const marketingEmails = defineStream<Settings>({
  name: 'marketing_emails',
  keyProperties: ['id'],
  schema: objectSchema({
    id: column.key,
    name: column.string,
    subject: column.string,
    state: column.string,
    type: column.string,
    subcategory: column.string,
    language: column.string,
    campaign: column.string,
    campaignName: column.string,
    isAb: column.boolean,
    isPublished: column.boolean,
    archived: column.boolean,
    createdAt: column.dateTime,
    updatedAt: column.dateTime,
    publishDate: column.dateTime,
    from: column.object,
    to: column.object,
    stats: column.object,
  }),
  replication: { method: 'FULL_TABLE' },
  about: {
    endpoint: 'GET /marketing/emails/2026-09?includeStats=true',
    scopes: ['content|marketing-email'],
    deletes: 'every read is complete',
    requestsIdle: 2,
  },
  read({ http, settings }) {
    // One that is archived in between is in one of the lists in any case.
    const lists = [false, true].map((archived) => ({ limit: PAGE, includeStats: true, archived }));
    return wholeCollection('marketing_emails', http, pathOf(settings, 'marketingEmails'), lists);
  },
});

/** Marketing campaigns with their budgets. */
export const campaigns = defineStream<Settings>({
  name: 'campaigns',
  keyProperties: ['id'],
  schema: objectSchema({
    id: column.key,
    createdAt: column.dateTime,
    updatedAt: column.dateTime,
    businessUnits: column.array,
    properties: column.object,
  }),
  replication: { method: 'FULL_TABLE' },
  about: {
    endpoint: 'GET /marketing/campaigns/2026-09',
    scopes: ['marketing.campaigns.read'],
    deletes: 'every read is complete',
    requestsIdle: 1,
  },
  read({ http, settings }) {
    const query = { limit: PAGE, properties: CAMPAIGN_PROPERTIES.join(',') };
    return wholeCollection('campaigns', http, pathOf(settings, 'campaigns'), [query]);
  },
});
