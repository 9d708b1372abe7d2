import { defineTap } from '@pipeline/tap-kit';
import { connect } from './connect.ts';
import { xeroPolicy } from './policy.ts';
import { XeroSettings } from './settings.ts';
import { accounts } from './streams/accounts.ts';
import { bankTransactions } from './streams/bank-transactions.ts';
import { contacts } from './streams/contacts.ts';
import { invoices } from './streams/invoices.ts';
import { organisation } from './streams/organisation.ts';
import { payments } from './streams/payments.ts';

/** Xero's accounting API, one organisation. */
export const tap = defineTap({
  source: 'xero',
  settings: XeroSettings,
  http: xeroPolicy,
  connect,
  streams: [organisation, accounts, contacts, invoices, payments, bankTransactions],
});
