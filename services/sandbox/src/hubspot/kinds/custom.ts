import type { Kind } from '../company/kind.ts';
import { field, ownStages, simpleKind } from '../company/simple-kind.ts';

const scopes = ['crm.objects.custom.read'];

/** Types that the account made for itself. */
export const customKinds: readonly Kind[] = [
  simpleKind({
    typeId: '2-7000001',
    name: 'machine',
    singular: 'machine',
    aliases: ['p62515_machine', 'p_machine'],
    scopes,
    firstId: 71_000_000_001,
    isCustom: true,
    share: 0.1,
    fields: {
      delivered_on: field.date(),
      is_leased: field.bool(),
      model: field.choice('M100', 'M200', 'M300'),
      serial_number: field.text('SN'),
      value: field.money(),
      ...ownStages('machine'),
    },
  }),
  // A name that a standard type has too: only the type id tells them apart.
  simpleKind({
    typeId: '2-7000002',
    name: 'visits',
    singular: 'visits',
    aliases: ['p62515_visits', 'p_visits'],
    scopes,
    firstId: 72_000_000_001,
    isCustom: true,
    share: 0.03,
    fields: { happened_at: field.instant(), notes: field.text('Visited') },
  }),
];
