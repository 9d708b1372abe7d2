import { column, isJsonObject, type JsonObject } from '@pipeline/singer';
import { childTable } from '../records/child-rows.ts';
import { documentStream } from './document-stream.ts';

const SCOPES = ['accounting.settings.read'];

/** What all small lists have in common: they come as a whole, and what is not on them is gone. */
const SMALL = { pace: 'slow', paging: 'whole', deletes: 'whole read' } as const;

export const items = documentStream({
  ...SMALL,
  stream: 'items',
  name: 'Items',
  id: 'ItemID',
  query: { unitdp: 4 },
  scopes: ['accounting.settings.read|accounting.invoices.read'],
  columns: {
    Code: column.string,
    Name: column.string,
    Description: column.string,
    PurchaseDescription: column.string,
    PurchaseDetails: column.object,
    SalesDetails: column.object,
    IsSold: column.boolean,
    IsPurchased: column.boolean,
    IsTrackedAsInventory: column.boolean,
    InventoryAssetAccountCode: column.string,
    TotalCostPool: column.number,
    QuantityOnHand: column.number,
    UpdatedDateUTC: column.dateTime,
  },
});

/** Known by their name: rates that people make share a type. */
export const taxRates = documentStream({
  ...SMALL,
  stream: 'tax_rates',
  name: 'TaxRates',
  id: 'Name',
  without: ['TaxComponents'],
  scopes: SCOPES,
  children: [
    childTable({
      stream: 'tax_rate_components',
      property: 'TaxComponents',
      parentId: 'Name',
      parentColumn: 'TaxRateName',
      columns: {
        Name: column.string,
        Rate: column.number,
        IsCompound: column.boolean,
        IsNonRecoverable: column.boolean,
      },
    }),
  ],
  columns: {
    TaxType: column.string,
    ReportTaxType: column.string,
    Status: column.string,
    CanApplyToAssets: column.boolean,
    CanApplyToEquity: column.boolean,
    CanApplyToExpenses: column.boolean,
    CanApplyToLiabilities: column.boolean,
    CanApplyToRevenue: column.boolean,
    DisplayTaxRate: column.number,
    EffectiveRate: column.number,
  },
});

export const currencies = documentStream({
  ...SMALL,
  stream: 'currencies',
  name: 'Currencies',
  id: 'Code',
  scopes: SCOPES,
  columns: { Description: column.string },
});

export const trackingCategories = documentStream({
  ...SMALL,
  stream: 'tracking_categories',
  name: 'TrackingCategories',
  id: 'TrackingCategoryID',
  query: { includeArchived: true },
  without: ['Options'],
  scopes: SCOPES,
  children: [
    childTable({
      stream: 'tracking_options',
      property: 'Options',
      parentId: 'TrackingCategoryID',
      ids: ['TrackingOptionID'],
      columns: {
        Name: column.string,
        Status: column.string,
        IsDeleted: column.boolean,
        IsArchived: column.boolean,
        IsActive: column.boolean,
      },
    }),
  ],
  columns: { Name: column.string, Status: column.string },
});

export const users = documentStream({
  ...SMALL,
  stream: 'users',
  name: 'Users',
  id: 'UserID',
  scopes: SCOPES,
  columns: {
    EmailAddress: column.string,
    FirstName: column.string,
    LastName: column.string,
    IsSubscriber: column.boolean,
    OrganisationRole: column.string,
    UpdatedDateUTC: column.dateTime,
  },
});

export const brandingThemes = documentStream({
  ...SMALL,
  stream: 'branding_themes',
  name: 'BrandingThemes',
  id: 'BrandingThemeID',
  scopes: SCOPES,
  columns: {
    Name: column.string,
    LogoUrl: column.string,
    Type: column.string,
    SortOrder: column.integer,
    CreatedDateUTC: column.dateTime,
  },
});

/** Lists name no members: each group is asked for. */
export const contactGroups = documentStream({
  ...SMALL,
  stream: 'contact_groups',
  name: 'ContactGroups',
  id: 'ContactGroupID',
  isAskedSingly: true,
  without: ['Contacts'],
  scopes: ['accounting.contacts.read'],
  children: [
    childTable({
      stream: 'contact_group_members',
      property: 'Contacts',
      parentId: 'ContactGroupID',
      ids: ['ContactID'],
      columns: { Name: column.string },
    }),
  ],
  columns: { Name: column.string, Status: column.string },
});

/** Lists name no lines: each budget is asked for. A line of the table is an account in a month. */
export const budgets = documentStream({
  ...SMALL,
  stream: 'budgets',
  name: 'Budgets',
  id: 'BudgetID',
  isAskedSingly: true,
  without: ['BudgetLines'],
  scopes: ['accounting.budgets.read'],
  children: [
    childTable({
      stream: 'budget_lines',
      property: 'BudgetLines',
      parentId: 'BudgetID',
      ids: ['AccountID', 'Period'],
      spread: balancesOf,
      columns: {
        AccountCode: column.string,
        Amount: column.number,
        UnitAmount: column.number,
        Notes: column.string,
      },
    }),
  ],
  columns: {
    Type: column.string,
    Description: column.string,
    Tracking: column.array,
    UpdatedDateUTC: column.dateTime,
  },
});

function balancesOf({ BudgetBalances: balances, ...line }: JsonObject): JsonObject[] {
  if (!Array.isArray(balances)) return [];
  return balances.filter((balance) => isJsonObject(balance)).map((balance) => ({ ...line, ...balance }));
}
