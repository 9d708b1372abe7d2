import type { Random } from '../../random.ts';
import { DAY, day } from './calendar.ts';
import { ACCOUNT_ID, classicId } from './ids.ts';

/** Definitions of the custom fields, by the name under which a task keeps the value. Their order is the order of their ids. */
export const CUSTOM_FIELD_DEFINITIONS = {
  impact: {
    title: 'Impact',
    type: 'DropDown',
    settings: {
      inheritanceType: 'All',
      values: ['Low', 'Medium', 'High'],
      options: [
        { value: 'Low', color: 'Green' },
        { value: 'Medium', color: 'Yellow' },
        { value: 'High', color: 'Red' },
      ],
      allowOtherValues: false,
    },
  },
  budget: {
    title: 'Budget',
    type: 'Currency',
    settings: { inheritanceType: 'All', decimalPlaces: 2, currency: 'EUR', aggregation: 'Sum' },
  },
  points: {
    title: 'Story points',
    type: 'Numeric',
    settings: { inheritanceType: 'All', decimalPlaces: 0, aggregation: 'Sum' },
  },
  reviewOn: { title: 'Review on', type: 'Date', settings: { inheritanceType: 'All' } },
  isUrgent: { title: 'Urgent', type: 'Checkbox', settings: { inheritanceType: 'All' } },
  reviewers: { title: 'Reviewers', type: 'Contacts', settings: { inheritanceType: 'All', contacts: [] } },
  channels: {
    title: 'Channels',
    type: 'Multiple',
    settings: { inheritanceType: 'All', values: ['Web', 'Mail', 'Print'], allowOtherValues: true },
  },
} as const;

export type CustomFieldName = keyof typeof CUSTOM_FIELD_DEFINITIONS;
/** What a task or folder holds: always text. */
export type CustomValues = Partial<Record<CustomFieldName, string>>;

const NAMES = Object.keys(CUSTOM_FIELD_DEFINITIONS).filter(isName);

export function seedCustomFields(): Record<string, unknown>[] {
  return NAMES.map((name) => ({ accountId: ACCOUNT_ID, sharedIds: [], ...CUSTOM_FIELD_DEFINITIONS[name] }));
}

const customFieldId = (name: CustomFieldName): string => classicId('JU', NAMES.indexOf(name));

export function customFieldNameOf(id: string): CustomFieldName | undefined {
  return NAMES.find((name) => customFieldId(name) === id);
}

/** As rows show them. */
export function customFieldValues(values: CustomValues): { id: string; value: string }[] {
  return NAMES.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [{ id: customFieldId(name), value }];
  });
}

/** Values of the kinds that came later, drawn after all else. */
export function drawMoreValues(random: Random, people: readonly string[], at: number): CustomValues {
  return {
    ...(random.chance(0.3) && { points: String(random.pick([1, 2, 3, 5, 8, 13])) }),
    ...(random.chance(0.2) && { reviewOn: day(at + random.integer(1, 60) * DAY) }),
    ...(random.chance(0.2) && { isUrgent: String(random.chance(0.5)) }),
    ...(random.chance(0.2) && { reviewers: [random.pick(people), random.pick(people)].join(',') }),
    ...(random.chance(0.2) && { channels: JSON.stringify(random.pick([['Web'], ['Web', 'Mail'], ['Print, large']])) }),
  };
}

/** Another value in one field, or none. */
export function changedValues(values: CustomValues, random: Random, people: readonly string[]): CustomValues {
  const name = random.pick(NAMES);
  const { [name]: _, ...others } = values;
  if (random.chance(0.3)) return others;
  const value: Required<CustomValues> = {
    impact: random.pick(['Low', 'Medium', 'High']),
    budget: `${random.integer(1, 9_999)}.50`,
    points: String(random.integer(1, 21)),
    reviewOn: `2026-0${random.integer(1, 9)}-15`,
    isUrgent: String(random.chance(0.5)),
    reviewers: random.pick(people),
    channels: JSON.stringify([random.pick(['Web', 'Mail', 'Print'])]),
  };
  return { ...others, [name]: value[name] };
}

function isName(name: string): name is CustomFieldName {
  return name in CUSTOM_FIELD_DEFINITIONS;
}
