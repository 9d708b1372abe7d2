import { column } from '@pipeline/singer';
import { listStream } from './list-stream.ts';

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
export const marketingEmails = listStream({
  name: 'marketing_emails',
  path: 'marketingEmails',
  // One that is archived in between is in one of the lists in any case.
  queries: [false, true].map((archived) => ({ limit: PAGE, includeStats: true, archived })),
  columns: {
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
  },
  about: {
    endpoint: 'GET /marketing/emails/2026-09?includeStats=true',
    scopes: ['content|marketing-email'],
    requestsIdle: 2,
  },
});

/** Marketing campaigns with their budgets. */
export const campaigns = listStream({
  name: 'campaigns',
  path: 'campaigns',
  queries: [{ limit: PAGE, properties: CAMPAIGN_PROPERTIES.join(',') }],
  columns: {
    createdAt: column.dateTime,
    updatedAt: column.dateTime,
    businessUnits: column.array,
    properties: column.object,
  },
  about: {
    endpoint: 'GET /marketing/campaigns/2026-09',
    scopes: ['marketing.campaigns.read'],
    requestsIdle: 1,
  },
});
