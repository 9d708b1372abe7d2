import type { Link } from './links.ts';

/** A type of association as the API lists it. Type ids are unique only within a category. */
export interface AssociationType {
  category: 'HUBSPOT_DEFINED' | 'USER_DEFINED';
  typeId: number;
  label: string | null;
}

/** Type ids of a pair, from the first to the second and back. */
type Ids = readonly [there: number, back: number];

export interface Pair {
  from: string;
  to: string;
  unlabelled: Ids;
  /** HubSpot's own type without a label; between custom objects it belongs to the account. */
  category: AssociationType['category'];
  primary?: Ids;
  /** A label that the account made. */
  label: { text: string; ids: Ids };
  /** Share of objects without any association. */
  none: number;
}

function pair(from: string, to: string, unlabelled: Ids, more: Partial<Pair> = {}): Pair {
  const label = { text: 'Reseller', ids: [1, 2] as const };
  return { from, to, unlabelled, category: 'HUBSPOT_DEFINED', label, none: 0.3, ...more };
}

/** @see https://developers.hubspot.com/docs/api-reference/latest/crm/associations/overview (association type id values) */
const ENGAGEMENT_IDS: Readonly<Record<string, readonly [contact: Ids, company: Ids, deal: Ids, ticket: Ids]>> = {
  calls: [
    [194, 193],
    [182, 181],
    [206, 205],
    [220, 219],
  ],
  emails: [
    [198, 197],
    [186, 185],
    [210, 209],
    [224, 223],
  ],
  meetings: [
    [200, 199],
    [188, 187],
    [212, 211],
    [226, 225],
  ],
  notes: [
    [202, 201],
    [190, 189],
    [214, 213],
    [228, 227],
  ],
  tasks: [
    [204, 203],
    [192, 191],
    [216, 215],
    [230, 229],
  ],
  communications: [
    [81, 82],
    [87, 88],
    [85, 86],
    [84, 83],
  ],
  postal_mail: [
    [453, 454],
    [459, 460],
    [457, 458],
    [455, 456],
  ],
};
const TARGETS = ['contacts', 'companies', 'deals', 'tickets'] as const;

/** The pairs of types between which the account has associations. */
export const PAIRS: readonly Pair[] = [
  pair('deals', 'companies', [341, 342], { primary: [5, 6], none: 0.1 }),
  pair('deals', 'contacts', [3, 4], { label: { text: 'Decision maker', ids: [3, 4] }, none: 0.2 }),
  pair('contacts', 'companies', [279, 280], { primary: [1, 2], label: { text: 'Adviser', ids: [5, 6] } }),
  pair('deals', 'line_items', [19, 20], { none: 0 }),
  pair('deals', 'quotes', [63, 64], { none: 0.9 }),
  pair('quotes', 'line_items', [67, 68], { none: 0.5 }),
  pair('tickets', 'contacts', [16, 15], { none: 0.2 }),
  pair('tickets', 'companies', [339, 340], { primary: [26, 25], none: 0.2 }),
  pair('tickets', 'deals', [28, 27], { none: 0.7 }),
  ...Object.entries(ENGAGEMENT_IDS).flatMap(([from, ids]) =>
    TARGETS.map((to, index) => pair(from, to, ids[index] ?? [0, 0], { none: to === 'contacts' ? 0.2 : 0.6 })),
  ),
  pair('machine', 'companies', [50, 51], {
    category: 'USER_DEFINED',
    label: { text: 'Owner', ids: [52, 53] },
    none: 0.1,
  }),
  pair('machine', 'contacts', [54, 55], { category: 'USER_DEFINED', label: { text: 'Operator', ids: [56, 57] } }),
  pair('visits', 'machine', [58, 59], {
    category: 'USER_DEFINED',
    label: { text: 'Repair', ids: [60, 61] },
    none: 0.1,
  }),
];

/** All types that a pair has, in this direction. */
export function typesOfPair(one: Pair, isReversed: boolean): AssociationType[] {
  const at = isReversed ? 1 : 0;
  const { primary, unlabelled, label, category } = one;
  return [
    ...(primary ? [{ category: 'HUBSPOT_DEFINED' as const, typeId: primary[at], label: 'Primary' }] : []),
    { category, typeId: unlabelled[at], label: null },
    { category: 'USER_DEFINED', typeId: label.ids[at], label: label.text },
  ];
}

/** The types of one link. */
export function typesOfLink(one: Pair, link: Link, isReversed: boolean): AssociationType[] {
  return typesOfPair(one, isReversed).filter(({ label }) => {
    if (label === null) return true;
    return label === 'Primary' ? link.isPrimary : link.isLabelled;
  });
}
