import type { Tree } from '../api/tree.ts';
import { money } from '../company/decimal.ts';
import { GONE, type Kind } from './kind.ts';

/** Lists name no members; each group shows them. */
export const contactGroups: Kind = {
  name: 'ContactGroups',
  typeName: 'ContactGroup',
  idField: 'ContactGroupID',
  stream: 'contact_groups',
  scopes: ['accounting.contacts'],
  paging: 'whole',
  parameters: ['where', 'order'],
  hasModifiedSince: false,
  onlySingle: { Contacts: [] },
  count: () => 2,
  make: (_random, row, books) => ({
    Name: row === 0 ? 'Training' : 'Oasis',
    Status: 'ACTIVE',
    Contacts: [0, 1, 2].map((place) => ({
      ContactID: books.contacts.guids.of((row * 3 + place) % books.contacts.originals),
      Name: `Member ${place + 1}`,
    })),
  }),
  isFixed: true,
  changes: [
    (random) => ({ Name: `Group ${random.integer(1, 99)}` }),
    (random, tree) => {
      const { Contacts: members } = tree;
      return Array.isArray(members) && members.length > 1 && random.chance(0.5)
        ? { Contacts: members.slice(1) }
        : undefined;
    },
  ],
  children: [{ property: 'Contacts', stream: 'contact_group_members', key: ['ContactID'] }],
};

/** Lists name no lines; each budget shows them. */
export const budgets: Kind = {
  name: 'Budgets',
  typeName: 'Budget',
  idField: 'BudgetID',
  stream: 'budgets',
  scopes: ['accounting.budgets', 'accounting.settings'],
  paging: 'whole',
  parameters: ['IDs', 'DateFrom', 'DateTo'],
  hasModifiedSince: false,
  updated: { field: 'UpdatedDateUTC', hasTwin: false },
  onlySingle: { BudgetLines: [] },
  count: () => 1,
  make: (random, row, books) => ({
    Type: 'OVERALL',
    Description: `Budget ${row + 1}`,
    Tracking: [],
    BudgetLines: [3, 4].map((account) => ({
      AccountID: books.accounts.guids.of(account),
      AccountCode: books.accounts.original(account).code,
      BudgetBalances: [0, 1, 2].map((month) => ({
        Period: `2026-0${month + 1}`,
        Amount: money(random.integer(10_000, 999_999)),
        UnitAmount: money(random.integer(10_000, 999_999)),
        Notes: '',
      })),
    })),
  }),
  isFixed: true,
  changes: [(random) => ({ Description: `Budget of ${random.integer(1, 99)}` })],
  children: [
    {
      property: 'BudgetLines',
      stream: 'budget_lines',
      key: ['AccountID', 'Period'],
      spread: ({ BudgetBalances: balances, ...line }) =>
        Array.isArray(balances) ? balances.map((balance: Tree) => ({ ...line, ...balance })) : [],
    },
  ],
};

/** Costs that are charged on to a customer. */
export const linkedTransactions: Kind = {
  name: 'LinkedTransactions',
  typeName: 'LinkedTransaction',
  idField: 'LinkedTransactionID',
  stream: 'linked_transactions',
  scopes: ['accounting.invoices', 'accounting.transactions'],
  paging: 'hundreds',
  parameters: ['LinkedTransactionID', 'SourceTransactionID', 'ContactID', 'Status', 'TargetTransactionID'],
  hasModifiedSince: false,
  updated: { field: 'UpdatedDateUTC', hasTwin: false },
  count: (deals) => Math.max(3, Math.round(deals * 0.01)),
  make: (random, row, books) => ({
    SourceTransactionID: books.invoices.guids.of(row),
    SourceLineItemID: books.invoices.guids.of(row, 1),
    ContactID: books.contacts.guids.of(random.integer(0, books.contacts.originals - 1)),
    Status: 'DRAFT',
    Type: 'BILLABLEEXPENSE',
    SourceTransactionTypeCode: 'ACCPAY',
  }),
  changes: [
    (_random, tree) => (tree['Status'] === 'DRAFT' ? { Status: 'APPROVED' } : { Status: 'VOIDED' }),
    (random) => (random.chance(0.2) ? { [GONE]: true } : undefined),
  ],
};
