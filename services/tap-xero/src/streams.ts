import { accounts } from './streams/accounts.ts';
import { agedPayables, agedReceivables } from './streams/aged.ts';
import { bankTransactions, bankTransfers } from './streams/bank.ts';
import { contacts } from './streams/contacts.ts';
import { creditNotes, overpayments, prepayments } from './streams/credits.ts';
import { attachments, history } from './streams/details.ts';
import { invoices } from './streams/invoices.ts';
import { journals, journalsCash } from './streams/journals.ts';
import { manualJournals } from './streams/manual-journals.ts';
import { linkedTransactions, purchaseOrders, quotes, repeatingInvoices } from './streams/orders.ts';
import { organisation } from './streams/organisation.ts';
import { batchPayments, payments } from './streams/payments.ts';
import { balanceSheet, profitAndLoss, trialBalance } from './streams/reports.ts';
import {
  brandingThemes,
  budgets,
  contactGroups,
  currencies,
  items,
  taxRates,
  trackingCategories,
  users,
} from './streams/settings.ts';
import { tenants } from './streams/tenants.ts';

/** All streams, in the order in which people need them. Employees, expense claims and receipts leave the API by February 2027 and are not read. */
export const streams = [
  tenants,
  organisation,
  accounts,
  contacts,
  invoices,
  payments,
  bankTransactions,
  creditNotes,
  trackingCategories,
  manualJournals,
  journals,
  journalsCash,
  trialBalance,
  profitAndLoss,
  balanceSheet,
  agedReceivables,
  agedPayables,
  bankTransfers,
  overpayments,
  prepayments,
  batchPayments,
  items,
  taxRates,
  currencies,
  purchaseOrders,
  quotes,
  budgets,
  repeatingInvoices,
  users,
  brandingThemes,
  contactGroups,
  linkedTransactions,
  history,
  attachments,
];
