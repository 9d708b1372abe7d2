import type { Random } from '../../random.ts';
import { maybe, rowRandom } from '../company/draw.ts';
import type { Kind, World } from '../company/kind.ts';
import type { Properties } from '../company/object-store.ts';
import { cleared, oddNumber, oddText } from '../company/odd-values.ts';
import { property } from '../company/property-definition.ts';
import { CITIES, COMPANY_FORMS, COMPANY_WORDS } from '../names.ts';

const SALT = 2;
const INDUSTRIES = ['COMPUTER_SOFTWARE', 'CONSTRUCTION', 'FINANCIAL_SERVICES', 'RETAIL', 'HOSPITAL_HEALTH_CARE'];
/** The largest set of companies that one deal may have must not fit on one page of associations. */
const COUNT_MIN = 130;

export const companiesKind: Kind = {
  typeId: '0-2',
  name: 'companies',
  singular: 'company',
  scopes: ['crm.objects.companies.read'],
  createdProperty: 'createdate',
  isMergeable: true,
  firstId: 20_000_000_001,
  count: (deals) => Math.max(COUNT_MIN, Math.ceil(deals * 0.4)),
  modifiedProperty: 'hs_lastmodifieddate',
  defaults: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
  properties: [
    property('address', 'string'),
    property('annualrevenue', 'number'),
    property('city', 'string'),
    property('country', 'string'),
    property('createdate', 'datetime'),
    property('description', 'string'),
    property('domain', 'string'),
    property('hs_lastmodifieddate', 'datetime'),
    property('hs_merged_object_ids', 'enumeration'),
    property('hs_object_id', 'number'),
    property('hs_parent_company_id', 'number'),
    property('hubspot_owner_id', 'enumeration'),
    property('industry', 'enumeration', { options: INDUSTRIES }),
    property('name', 'string'),
    property('num_associated_deals', 'number', { calculated: true }),
    property('numberofemployees', 'number'),
    property('state', 'string'),
    property('tax_number', 'string', { custom: true }),
  ],
  describe,
  calculate: (_properties, position, world) => ({ num_associated_deals: String(world.dealsOfCompany(position)) }),
  edit,
};

function describe(position: number, { seed, ownerIds, idOf }: World): Properties {
  const random = rowRandom(seed, SALT, position);
  const word = random.pick(COMPANY_WORDS);
  const [city, state, country] = random.pick(CITIES);
  return {
    address: cleared(random, `${random.integer(1, 400)} Main Street`),
    annualrevenue: maybe(random, 0.6, () => oddNumber(random, random.integer(1, 5_000) * 10_000)),
    city,
    country,
    description: maybe(random, 0.3, () => oddText(random, `${word} builds things`)),
    domain: `${word.toLowerCase()}${position}.example.com`,
    hs_merged_object_ids: null,
    hs_parent_company_id: maybe(random, 0.05, () => idOf('companies', random.integer(0, 20))),
    hubspot_owner_id: cleared(random, random.pick(ownerIds)),
    industry: maybe(random, 0.9, () => random.pick(INDUSTRIES)),
    name: `${word} ${random.pick(COMPANY_FORMS)} ${position + 1}`,
    numberofemployees: cleared(random, String(random.integer(1, 20_000))),
    state,
    // Leading zeros: a number only to the eye.
    tax_number: maybe(random, 0.7, () => `00${random.integer(100_000, 999_999)}`),
  };
}

function edit(random: Random, { ownerIds }: World): Properties {
  const [city, state, country] = random.pick(CITIES);
  const changes: (() => Properties)[] = [
    () => ({ city, state, country }),
    () => ({ hubspot_owner_id: random.pick(ownerIds) }),
    () => ({ annualrevenue: oddNumber(random, random.integer(1, 5_000) * 10_000), industry: '' }),
    () => ({
      name: `${random.pick(COMPANY_WORDS)} ${random.pick(COMPANY_FORMS)}`,
      description: oddText(random, 'Renamed'),
    }),
  ];
  return random.pick(changes)();
}
