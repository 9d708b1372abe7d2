import { Instant, type Tree, UnitPrice } from '../api/tree.ts';
import { TRACKING_CATEGORY_ID, trackingOptionId } from '../api/write-parts.ts';
import { decimal } from '../company/decimal.ts';
import { FIRST_NAMES, GOODS, LAST_NAMES, REGIONS } from '../names.ts';
import { GONE, type Kind } from './kind.ts';

const SETTINGS = ['accounting.settings'];

/** What the organisation sells and buys. A person can remove one for good: it leaves no trace. */
export const items: Kind = {
  name: 'Items',
  typeName: 'Item',
  idField: 'ItemID',
  numberField: 'Code',
  stream: 'items',
  scopes: ['accounting.settings', 'accounting.invoices'],
  paging: 'whole',
  parameters: ['where', 'order', 'unitdp'],
  hasModifiedSince: true,
  updated: { field: 'UpdatedDateUTC', hasTwin: false },
  count: () => GOODS.length,
  make: (random, row) => ({
    Code: `I-${row + 1}`,
    Name: GOODS[row % GOODS.length],
    Description: `${GOODS[row % GOODS.length]}, as offered`,
    PurchaseDetails: {},
    SalesDetails: {
      UnitPrice: new UnitPrice(random.integer(1_000, 9_999_999)),
      AccountCode: '200',
      TaxType: 'OUTPUT2',
    },
    IsTrackedAsInventory: false,
    IsSold: true,
    IsPurchased: false,
  }),
  changes: [
    (random) => ({ Description: `Offered ${random.integer(1, 999)}` }),
    (random) => (random.chance(0.3) ? { [GONE]: true } : undefined),
  ],
};

/** Named by people; several may have the same type, so the name is the key. */
export const taxRates: Kind = {
  name: 'TaxRates',
  typeName: 'TaxRate',
  idField: 'Name',
  keyOf: (tree) => String(tree['Name']),
  numberField: 'TaxType',
  stream: 'tax_rates',
  scopes: SETTINGS,
  paging: 'whole',
  parameters: ['where', 'order'],
  hasModifiedSince: false,
  count: () => TAX_RATES.length,
  make: (_random, row) => {
    const [name = '', taxType = '', rates = []] = TAX_RATES[row] ?? [];
    const total = rates.reduce((sum, rate) => sum + rate, 0);
    return {
      Name: name,
      TaxType: taxType,
      ReportTaxType: taxType,
      CanApplyToAssets: true,
      CanApplyToEquity: true,
      CanApplyToExpenses: true,
      CanApplyToLiabilities: true,
      CanApplyToRevenue: true,
      DisplayTaxRate: decimal(total, 4),
      EffectiveRate: decimal(total, 4),
      Status: 'ACTIVE',
      TaxComponents: rates.map((rate, place) => ({
        Name: place === 0 ? 'GST' : 'Levy',
        Rate: decimal(rate, 4),
        IsCompound: place > 0,
        IsNonRecoverable: false,
      })),
    };
  },
  isFixed: true,
  changes: [(random) => ({ Status: random.pick(['ACTIVE', 'ARCHIVED']) })],
  children: [
    { property: 'TaxComponents', stream: 'tax_rate_components', key: ['LineNumber'], parentColumn: 'TaxRateName' },
  ],
};

const TAX_RATES: [name: string, taxType: string, tenThousandths: number[]][] = [
  ['15% GST on Income', 'OUTPUT2', [150_000]],
  ['15% GST on Expenses', 'INPUT2', [150_000]],
  ['No GST', 'NONE', [0]],
  ['GST on Imports', 'GSTONIMPORTS', [0]],
  ['GST and Levy', 'TAX001', [150_000, 12_500]],
];

export const currencies: Kind = {
  name: 'Currencies',
  typeName: 'Currency',
  idField: 'Code',
  keyOf: (tree) => String(tree['Code']),
  stream: 'currencies',
  scopes: SETTINGS,
  paging: 'whole',
  parameters: ['where', 'order'],
  hasModifiedSince: false,
  count: () => CURRENCIES.length,
  make: (_random, row) => ({ Code: CURRENCIES[row]?.[0], Description: CURRENCIES[row]?.[1] }),
  isFixed: true,
  changes: [],
};

const CURRENCIES = [
  ['NZD', 'New Zealand Dollar'],
  ['USD', 'United States Dollar'],
  ['AUD', 'Australian Dollar'],
];

export const trackingCategories: Kind = {
  name: 'TrackingCategories',
  typeName: 'TrackingCategory',
  idField: 'TrackingCategoryID',
  keyOf: (tree) => String(tree['TrackingCategoryID']),
  stream: 'tracking_categories',
  scopes: SETTINGS,
  paging: 'whole',
  parameters: ['where', 'order'],
  hasModifiedSince: false,
  hidden: { unless: 'includeArchived', is: (tree) => tree['Status'] === 'ARCHIVED' },
  count: () => 2,
  make: (_random, row) => ({
    Name: row === 0 ? 'Region' : 'Former department',
    Status: row === 0 ? 'ACTIVE' : 'ARCHIVED',
    TrackingCategoryID: row === 0 ? TRACKING_CATEGORY_ID : '351953c4-8127-4009-88c3-f9cd8c9cbe90',
    Options: row === 0 ? REGIONS.map((name, region) => optionTree(trackingOptionId(region), name)) : [],
  }),
  isFixed: true,
  changes: [
    (random, tree) => {
      const { Options: options } = tree;
      if (!Array.isArray(options) || options.length === 0) return undefined;
      const kept = options.slice(0, REGIONS.length);
      const number = random.integer(1, 9);
      const added = optionTree(`ce205173-7387-4651-9726-2cf4c5405b${number}0`, `New region ${number}`);
      return { Options: random.chance(0.3) ? kept : [...kept, added] };
    },
  ],
  children: [{ property: 'Options', stream: 'tracking_options', key: ['TrackingOptionID'] }],
};

function optionTree(id: string, name: string): Tree {
  return { TrackingOptionID: id, Name: name, Status: 'ACTIVE', IsDeleted: false, IsArchived: false, IsActive: true };
}

export const users: Kind = {
  name: 'Users',
  typeName: 'User',
  idField: 'UserID',
  stream: 'users',
  scopes: SETTINGS,
  paging: 'whole',
  parameters: ['where', 'order'],
  hasModifiedSince: true,
  updated: { field: 'UpdatedDateUTC', hasTwin: false },
  count: () => 4,
  make: (random, row) => ({
    EmailAddress: `user${row + 1}@example.com`,
    FirstName: random.pick(FIRST_NAMES),
    LastName: random.pick(LAST_NAMES),
    IsSubscriber: row === 0,
    OrganisationRole: random.pick(['STANDARD', 'FINANCIALADVISER', 'READONLY']),
  }),
  isFixed: true,
  changes: [(random) => ({ OrganisationRole: random.pick(['STANDARD', 'READONLY', 'REMOVED']) })],
};

export const brandingThemes: Kind = {
  name: 'BrandingThemes',
  typeName: 'BrandingTheme',
  idField: 'BrandingThemeID',
  stream: 'branding_themes',
  scopes: SETTINGS,
  paging: 'whole',
  parameters: [],
  hasModifiedSince: false,
  count: () => 2,
  make: (_random, row, books) => ({
    Name: row === 0 ? 'Standard' : 'Special projects',
    SortOrder: row,
    CreatedDateUTC: new Instant(books.history.dayOf(row, 100)),
  }),
  isFixed: true,
  changes: [(random) => ({ Name: `Theme ${random.integer(1, 99)}` })],
};
