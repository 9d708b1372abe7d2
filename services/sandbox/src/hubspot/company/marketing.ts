import type { Random } from '../../random.ts';
import { isoInstant } from './draw.ts';
import { guid } from './forms.ts';
import { DAY_MS, HISTORY_END } from './times.ts';

export interface MarketingEmail {
  id: string;
  name: string;
  subject: string;
  state: 'DRAFT' | 'PUBLISHED';
  createdAt: number;
  updatedAt: number;
  archived: boolean;
  sent: number;
  open: number;
}

export interface Campaign {
  id: string;
  name: string;
  budget: string;
  createdAt: number;
  updatedAt: number;
}

export interface Marketing {
  emails: MarketingEmail[];
  campaigns: Campaign[];
}

const FIRST_EMAIL_ID = 80_000_000_001;

/** Properties that a request for campaigns may name. Others that begin with `hs_` are refused, even though the account has them. */
export const CAMPAIGN_PROPERTIES = [
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
  'hs_name',
  'hs_budget_items_sum_amount',
  'hs_spend_items_sum_amount',
  'hs_utm',
  'hs_goal',
] as const;

export function foundedMarketing(deals: number, random: Random): Marketing {
  const count = Math.min(200, Math.max(6, Math.ceil(deals * 0.05)));
  return {
    emails: Array.from({ length: count }, (_, index) => foundedEmail(index, random)),
    campaigns: Array.from({ length: Math.ceil(count / 2) }, (_, index) => {
      const createdAt = HISTORY_END - random.integer(1, 400) * DAY_MS;
      const budget = String(random.integer(100, 90_000));
      return { id: guid(random), name: `Campaign ${index + 1}`, budget, createdAt, updatedAt: createdAt };
    }),
  };
}

export function foundedEmail(index: number, random: Random, now = HISTORY_END): MarketingEmail {
  const createdAt = now === HISTORY_END ? now - random.integer(1, 400) * DAY_MS : now;
  const sent = random.integer(0, 5_000);
  return {
    id: String(FIRST_EMAIL_ID + index * 3),
    name: `Email ${index + 1}`,
    subject: `News no. ${index + 1}`,
    state: random.pick(['DRAFT', 'PUBLISHED']),
    createdAt,
    updatedAt: createdAt,
    archived: random.chance(0.1),
    sent,
    open: random.integer(0, sent),
  };
}

/** As `GET /marketing/emails/2026-09` writes it. */
export function writeEmail(email: MarketingEmail, includeStats: boolean): Record<string, unknown> {
  const { id, name, subject, state, archived, createdAt, updatedAt } = email;
  return {
    id,
    name,
    subject,
    state,
    archived,
    type: 'BATCH_EMAIL',
    subcategory: 'batch',
    language: 'en',
    isAb: false,
    isPublished: state === 'PUBLISHED',
    createdAt: isoInstant(createdAt),
    updatedAt: isoInstant(updatedAt),
    from: { fromName: 'Ada', replyTo: 'ada@example.com' },
    to: { contactLists: { include: ['101'], exclude: [] } },
    ...(includeStats && { stats: statistics(email) }),
  };
}

function statistics({ sent, open }: MarketingEmail): Record<string, unknown> {
  return {
    counters: { sent, delivered: sent, open, click: Math.floor(open / 7) },
    deviceBreakdown: { open_device_type: { computer: open, mobile: 0, unknown: 0 } },
    qualifierStats: {},
    ratios: { openratio: sent === 0 ? 0 : (100 * open) / sent },
  };
}

/** As `GET /marketing/campaigns/2026-09` writes it, with these properties. */
export function writeCampaign(campaign: Campaign, properties: readonly string[]): Record<string, unknown> {
  const { id, name, budget, createdAt, updatedAt } = campaign;
  const values: Record<string, string> = { hs_name: name, hs_budget_items_sum_amount: budget, hs_currency_code: 'USD' };
  return {
    id,
    createdAt: isoInstant(createdAt),
    updatedAt: isoInstant(updatedAt),
    businessUnits: [],
    properties: Object.fromEntries(
      properties.flatMap((property) => (values[property] === undefined ? [] : [[property, values[property]]])),
    ),
  };
}
