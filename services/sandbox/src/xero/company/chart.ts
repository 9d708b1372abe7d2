/** An account of the chart of accounts. */
export interface Account {
  code: string;
  name: string;
  type: string;
  class: 'ASSET' | 'EQUITY' | 'EXPENSE' | 'LIABILITY' | 'REVENUE';
  taxType: string;
  status: 'ACTIVE' | 'ARCHIVED';
  systemAccount?: string;
  bankAccountNumber?: string;
  description?: string;
  enablePayments: boolean;
}

type Row = [code: string, name: string, type: string, taxType: string, systemAccount?: string];

const bank: Row[] = [
  ['090', 'Business Bank Account', 'BANK', 'NONE'],
  ['091', 'Business Savings Account', 'BANK', 'NONE'],
  ['092', 'Foreign Currency Account', 'BANK', 'NONE'],
];

const sales: Row[] = [
  ['200', 'Sales', 'REVENUE', 'OUTPUT2'],
  ['210', 'Consulting', 'REVENUE', 'OUTPUT2'],
  ['220', 'Support Contracts', 'REVENUE', 'OUTPUT2'],
  ['260', 'Other Revenue', 'REVENUE', 'OUTPUT2'],
];

const costs: Row[] = [
  ['310', 'Cost of Goods Sold', 'DIRECTCOSTS', 'INPUT2'],
  ['400', 'Advertising', 'EXPENSE', 'INPUT2'],
  ['404', 'Bank Fees', 'EXPENSE', 'NONE'],
  ['408', 'Cleaning', 'EXPENSE', 'INPUT2'],
  ['412', 'Consulting & Accounting', 'EXPENSE', 'INPUT2'],
  ['420', 'Entertainment', 'EXPENSE', 'INPUT2'],
  ['425', 'Freight & Courier', 'EXPENSE', 'INPUT2'],
  ['429', 'General Expenses', 'EXPENSE', 'INPUT2'],
  ['433', 'Insurance', 'EXPENSE', 'INPUT2'],
  ['445', 'Light, Power, Heating', 'EXPENSE', 'INPUT2'],
  ['453', 'Office Expenses', 'EXPENSE', 'INPUT2'],
  ['461', 'Printing & Stationery', 'EXPENSE', 'INPUT2'],
  ['469', 'Rent', 'EXPENSE', 'INPUT2'],
  ['485', 'Subscriptions', 'EXPENSE', 'INPUT2'],
  ['489', 'Telephone & Internet', 'EXPENSE', 'INPUT2'],
  ['493', 'Travel - National', 'EXPENSE', 'INPUT2'],
];

const balanceSheet: Row[] = [
  ['477', 'Salaries', 'EXPENSE', 'NONE'],
  ['610', 'Accounts Receivable', 'CURRENT', 'NONE', 'DEBTORS'],
  ['620', 'Prepayments', 'CURRENT', 'NONE'],
  ['630', 'Inventory', 'INVENTORY', 'NONE'],
  ['710', 'Office Equipment', 'FIXED', 'INPUT2'],
  ['720', 'Computer Equipment', 'FIXED', 'INPUT2'],
  ['800', 'Accounts Payable', 'CURRLIAB', 'NONE', 'CREDITORS'],
  ['820', 'GST', 'CURRLIAB', 'NONE', 'GST'],
  ['840', 'Historical Adjustment', 'CURRLIAB', 'NONE', 'HISTORICAL'],
  ['860', 'Rounding', 'CURRLIAB', 'NONE', 'ROUNDING'],
  ['900', 'Loan', 'TERMLIAB', 'NONE'],
  ['960', 'Retained Earnings', 'EQUITY', 'NONE', 'RETAINEDEARNINGS'],
  ['970', 'Owner A Funds Introduced', 'EQUITY', 'NONE'],
];

const CLASSES: Record<string, Account['class']> = {
  BANK: 'ASSET',
  CURRENT: 'ASSET',
  INVENTORY: 'ASSET',
  FIXED: 'ASSET',
  CURRLIAB: 'LIABILITY',
  TERMLIAB: 'LIABILITY',
  EQUITY: 'EQUITY',
  REVENUE: 'REVENUE',
};

/** The company's accounts on its first day: bank accounts first, then revenue, then costs. */
export const CHART: readonly Account[] = [...bank, ...sales, ...costs, ...balanceSheet].map(
  ([code, name, type, taxType, systemAccount], row): Account => ({
    code,
    name,
    type,
    class: CLASSES[type] ?? 'EXPENSE',
    taxType,
    status: 'ACTIVE',
    enablePayments: systemAccount === undefined && type === 'EQUITY',
    ...(systemAccount === undefined ? {} : { systemAccount }),
    ...(type === 'BANK' ? { bankAccountNumber: `02090876543210${50 + row}` } : {}),
  }),
);

export const BANK_ACCOUNTS = rowsOf(bank, 0);
export const SALES_ACCOUNTS = rowsOf(sales, bank.length);
export const COST_ACCOUNTS = rowsOf(costs, bank.length + sales.length);

function rowsOf(part: Row[], first: number): readonly number[] {
  return part.map((_, position) => first + position);
}
