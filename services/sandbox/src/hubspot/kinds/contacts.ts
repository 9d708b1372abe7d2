import type { Random } from '../../random.ts';
import { maybe, rowRandom, someOf } from '../company/draw.ts';
import type { Kind, World } from '../company/kind.ts';
import type { Properties } from '../company/object-store.ts';
import { cleared, oddBoolean, oddDate, oddInstant } from '../company/odd-values.ts';
import { property } from '../company/property-definition.ts';
import { DAY_MS, HISTORY_START } from '../company/times.ts';
import { FIRST_NAMES, LAST_NAMES } from '../names.ts';

const SALT = 1;
const LIFECYCLE_STAGES = ['subscriber', 'lead', 'marketingqualifiedlead', 'opportunity', 'customer'];
const TOPICS = ['PRODUCT', 'EVENTS', 'PRICING'];

export const contactsKind: Kind = {
  typeId: '0-1',
  name: 'contacts',
  singular: 'contact',
  scopes: ['crm.objects.contacts.read'],
  createdProperty: 'createdate',
  isMergeable: true,
  firstId: 501,
  count: (deals) => Math.ceil(deals * 1.2),
  modifiedProperty: 'lastmodifieddate',
  defaults: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
  properties: [
    property('associatedcompanyid', 'number'),
    property('birthday', 'date', { custom: true }),
    property('company', 'string'),
    property('createdate', 'datetime'),
    property('email', 'string'),
    property('firstname', 'string'),
    property('hs_email_optout', 'bool'),
    property('hs_lead_status', 'enumeration', { options: ['NEW', 'OPEN', 'CONNECTED'] }),
    property('hs_merged_object_ids', 'enumeration'),
    property('hs_object_id', 'number'),
    property('hubspot_owner_id', 'enumeration'),
    property('jobtitle', 'string'),
    property('lastmodifieddate', 'datetime'),
    property('lastname', 'string'),
    property('lifecyclestage', 'enumeration', { options: LIFECYCLE_STAGES }),
    property('newsletter_topics', 'enumeration', { custom: true, options: TOPICS }),
    property('num_conversion_events', 'number'),
    property('phone', 'phone_number'),
    property('recent_conversion_date', 'datetime'),
  ],
  describe,
  calculate: (_properties, position, world) => ({ associatedcompanyid: world.primaryCompanyOf(position) }),
  edit,
};

function describe(position: number, { seed, ownerIds }: World): Properties {
  const random = rowRandom(seed, SALT, position);
  const firstname = random.pick(FIRST_NAMES);
  const lastname = random.pick(LAST_NAMES);
  return {
    birthday: maybe(random, 0.3, () => oddDate(random, HISTORY_START - random.integer(18 * 365, 75 * 365) * DAY_MS)),
    company: null,
    email: cleared(random, `${firstname}.${lastname}${position}@example.com`.toLowerCase()),
    firstname,
    hs_email_optout: maybe(random, 0.3, () => oddBoolean(random)),
    hs_lead_status: maybe(random, 0.5, () => random.pick(['NEW', 'OPEN', 'CONNECTED'])),
    hs_merged_object_ids: null,
    hubspot_owner_id: cleared(random, random.pick(ownerIds)),
    jobtitle: maybe(random, 0.6, () => random.pick(['CFO', 'Buyer', 'Head of "Everything"', 'Développeuse'])),
    lastname,
    lifecyclestage: random.pick(LIFECYCLE_STAGES),
    newsletter_topics: maybe(random, 0.3, () => someOf(random, TOPICS)),
    num_conversion_events: String(random.integer(0, 9)),
    phone: cleared(random, `+44 20 7946 ${random.integer(1000, 9999)}`),
    recent_conversion_date: maybe(random, 0.4, () =>
      oddInstant(random, HISTORY_START + random.integer(0, 900) * DAY_MS),
    ),
  };
}

function edit(random: Random, { ownerIds }: World): Properties {
  const changes: (() => Properties)[] = [
    () => ({ lifecyclestage: random.pick(LIFECYCLE_STAGES) }),
    () => ({ hubspot_owner_id: random.pick(ownerIds), jobtitle: '' }),
    () => ({ hs_email_optout: oddBoolean(random), newsletter_topics: someOf(random, TOPICS) }),
    () => ({ lastname: random.pick(LAST_NAMES), phone: null }),
  ];
  return random.pick(changes)();
}
