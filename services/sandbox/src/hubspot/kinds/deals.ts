import type { Random } from '../../random.ts';
import { fromCents, maybe, rowRandom, someOf } from '../company/draw.ts';
import type { Kind, World } from '../company/kind.ts';
import type { Properties } from '../company/object-store.ts';
import { cleared, oddBoolean, oddDate, oddInstant, oddNumber, oddText } from '../company/odd-values.ts';
import { foundedPipelines } from '../company/pipelines.ts';
import { property } from '../company/property-definition.ts';
import { DAY_MS, HISTORY_START } from '../company/times.ts';
import { COMPANY_WORDS } from '../names.ts';

const SALT = 3;
const PIPELINES = foundedPipelines().filter(({ type }) => type === 'deals');
const WON_STAGES = new Set(
  PIPELINES.flatMap(({ stages }) =>
    stages.filter((stage) => stage.metadata['probability'] === '1.0').map(({ id }) => id),
  ),
);
const DEAL_TYPES = ['newbusiness', 'existingbusiness'];
const COMPETITORS = ['Globex', 'Initech', 'Umbrella', 'Hooli'];
const RATE_PLACES = 2;
/** What one unit is worth in the home currency, in hundredths. */
const RATES: Readonly<Record<string, bigint>> = { USD: 100n, EUR: 108n, GBP: 127n };

export const dealsKind: Kind = {
  typeId: '0-3',
  name: 'deals',
  singular: 'deal',
  scopes: ['crm.objects.deals.read'],
  createdProperty: 'createdate',
  isMergeable: true,
  firstId: 11_000_000_001,
  count: (deals) => deals,
  modifiedProperty: 'hs_lastmodifieddate',
  defaults: [
    'amount',
    'closedate',
    'createdate',
    'dealname',
    'dealstage',
    'hs_lastmodifieddate',
    'hs_object_id',
    'pipeline',
  ],
  properties: [
    property('amount', 'number'),
    property('amount_in_home_currency', 'number', { calculated: true }),
    property('closedate', 'datetime'),
    property('competitors', 'enumeration', { custom: true, options: COMPETITORS }),
    property('contract_length_months', 'number', { custom: true }),
    property('createdate', 'datetime'),
    property('deal_currency_code', 'enumeration', { options: Object.keys(RATES) }),
    property('dealname', 'string'),
    property('dealstage', 'enumeration', { options: PIPELINES.flatMap(({ stages }) => stages.map(({ id }) => id)) }),
    property('dealtype', 'enumeration', { options: DEAL_TYPES }),
    property('description', 'string'),
    property('hs_is_closed_won', 'bool', { calculated: true }),
    property('hs_lastmodifieddate', 'datetime'),
    property('hs_merged_object_ids', 'enumeration'),
    property('hs_object_id', 'number'),
    property('hubspot_owner_id', 'enumeration'),
    property('integration_payload', 'json', { custom: true }),
    property('is_strategic', 'bool', { custom: true }),
    property('kickoff_at', 'datetime', { custom: true }),
    property('num_associated_contacts', 'number'),
    property('pipeline', 'enumeration', { options: PIPELINES.map(({ id }) => id) }),
    property('renewal_date', 'date', { custom: true }),
    property('site_coordinates', 'object_coordinates', { custom: true }),
    property('support_phone', 'phone_number', { custom: true }),
  ],
  describe,
  calculate: ({ amount = null, deal_currency_code, dealstage }) => ({
    amount_in_home_currency: inHomeCurrency(amount, deal_currency_code ?? 'USD'),
    hs_is_closed_won: String(WON_STAGES.has(dealstage ?? '')),
  }),
  edit,
};

function describe(position: number, { seed, ownerIds }: World): Properties {
  const random = rowRandom(seed, SALT, position);
  const pipeline = random.chance(0.8) ? PIPELINES[0] : PIPELINES[1];
  const closesAt = HISTORY_START + random.integer(30, 1_200) * DAY_MS + 12 * 3_600_000;
  return {
    amount: cleared(random, amount(random)),
    closedate: cleared(random, new Date(closesAt).toISOString().replace('.000', '')),
    competitors: maybe(random, 0.3, () => someOf(random, COMPETITORS)),
    contract_length_months: maybe(random, 0.5, () => oddNumber(random, random.integer(1, 60) * 100)),
    deal_currency_code: random.pick(['USD', 'USD', 'USD', 'EUR', 'GBP']),
    dealname: `${random.pick(COMPANY_WORDS)} ${random.pick(['renewal', 'expansion', 'pilot', 'roll-out'])} ${position + 1}`,
    dealstage: random.pick(pipeline?.stages ?? []).id,
    dealtype: maybe(random, 0.8, () => random.pick(DEAL_TYPES)),
    description: maybe(random, 0.4, () => oddText(random, 'Met at the trade fair')),
    hs_merged_object_ids: null,
    hubspot_owner_id: cleared(random, random.pick(ownerIds)),
    integration_payload: maybe(random, 0.1, () => JSON.stringify({ ref: position, tags: ['a', 'b'] })),
    is_strategic: maybe(random, 0.4, () => oddBoolean(random)),
    kickoff_at: maybe(random, 0.4, () => oddInstant(random, closesAt + 30 * DAY_MS + random.integer(0, DAY_MS))),
    num_associated_contacts: String(random.integer(0, 4)),
    pipeline: pipeline?.id ?? null,
    renewal_date: maybe(random, 0.4, () => oddDate(random, closesAt + 365 * DAY_MS)),
    site_coordinates: maybe(random, 0.05, () => `${random.integer(-90, 90)}.5;${random.integer(-180, 180)}.25`),
    support_phone: maybe(random, 0.2, () => `+1 555 ${random.integer(1000, 9999)}`),
  };
}

function edit(random: Random, { ownerIds }: World): Properties {
  const pipeline = random.pick(PIPELINES);
  const changes: (() => Properties)[] = [
    () => ({ amount: cleared(random, amount(random)) }),
    () => ({ pipeline: pipeline.id, dealstage: random.pick(pipeline.stages).id }),
    () => ({ hubspot_owner_id: random.pick(ownerIds), description: oddText(random, 'Handed over') }),
    () => ({
      contract_length_months: oddNumber(random, random.integer(1, 60) * 100),
      is_strategic: oddBoolean(random),
    }),
    () => ({ competitors: '', kickoff_at: null }),
  ];
  return random.pick(changes)();
}

/** Money with two places; a few amounts, worked out by somebody's formula, have more digits than a double holds. */
function amount(random: Random): string {
  const formula = random.chance(0.01);
  const cents = fromCents(random.integer(10_000, 25_000_000));
  return formula ? `${cents}${random.integer(1_000_000, 9_999_999)}${random.integer(1_000_000, 9_999_999)}` : cents;
}

/** Exact: text in, text out. */
function inHomeCurrency(amount: string | null, currency: string): string | null {
  const [, whole, fraction] = /^(\d+)\.(\d+)$/.exec(amount ?? '') ?? [];
  if (whole === undefined || fraction === undefined) return null;
  const places = fraction.length + RATE_PLACES;
  const digits = String(BigInt(whole + fraction) * (RATES[currency] ?? 100n)).padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
