export const FIRST_NAMES = [
  'Ana',
  'Ben',
  'Chloé',
  'David',
  'Emma',
  'Finn',
  'Grace',
  'Hugo',
  'Isla',
  'Jack',
  'Kiri',
  'Liam',
  'Mia',
  'Noah',
  'Olive',
  'Priya',
  'Rangi',
  'Sofía',
  'Tama',
  'Zoë',
] as const;

export const LAST_NAMES = [
  'Anderson',
  'Brown',
  'Chen',
  'Davis',
  "O'Brien",
  'Fischer',
  'Gallagher',
  'Harris',
  'Ioane',
  'Jensen',
  'Kumar',
  'Lee',
  'Müller',
  'Ngata',
  'Patel',
  'Smith',
  'Taylor',
  'Walker',
  'Williams',
  'Young',
] as const;

export const COMPANY_WORDS = [
  'Harbour',
  'Kauri',
  'Summit',
  'Pacific',
  'Redwood',
  'Southern',
  'Bayside',
  'Granite',
  'Beacon',
  'Meridian',
  'Tūī',
  'Coastal',
  'Orchard',
  'Silver',
  'Northgate',
] as const;

export const COMPANY_KINDS = [
  'Consulting',
  'Foods',
  'Logistics',
  'Engineering',
  'Design',
  'Holdings',
  'Builders',
  'Media',
  'Textiles',
  'Software',
  'Motors',
  'Farms',
] as const;

export const CITIES = [
  ['Auckland', '1010'],
  ['Wellington', '6011'],
  ['Christchurch', '8011'],
  ['Dunedin', '9016'],
  ['Hamilton', '3204'],
  ['Tauranga', '3110'],
] as const;

export const GOODS = [
  'Golf balls - white single',
  'Design work, per hour',
  'Monthly retainer',
  'Project management',
  'Timber 90x45 H3.2',
  'Licence, one seat',
  'Installation',
  'Freight',
  'Printed T-shirt, "L"',
  'Coffee beans 1 kg',
  'Training day',
  'Hosting',
] as const;

export const REFERENCES = [
  '',
  'Tour',
  'PO 7781',
  'Monthly Support',
  'Red Fish, Blue Fish',
  'Deposit',
  'Ref\t12',
] as const;

export const REGIONS = ['Eastside', 'North', 'South', 'West Coast'] as const;
