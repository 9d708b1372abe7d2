/** Scopes of apps made since March 2026, and the broad ones of older apps. An app holds one set or, for a time, both. */
export type ScopeSet = 'granular' | 'broad' | 'both';

const PREFIX = 'accounting.';

const COMMON = ['settings', 'contacts', 'attachments', 'budgets', 'journals'];
const GRANULAR = [
  'invoices',
  'payments',
  'banktransactions',
  'manualjournals',
  ...['aged', 'balancesheet', 'banksummary', 'profitandloss', 'trialbalance'].map((name) => `reports.${name}`),
];
const BROAD = ['transactions', 'reports'];

const NAMES: Record<ScopeSet, string[]> = {
  granular: [...COMMON, ...GRANULAR],
  broad: [...COMMON, ...BROAD],
  both: [...COMMON, ...GRANULAR, ...BROAD],
};

const OPENID = ['openid', 'profile', 'email', 'offline_access'];

/** What an app of each set may read. */
export const READ_SCOPES: Record<ScopeSet, string[]> = {
  granular: NAMES.granular.map(readScope),
  broad: NAMES.broad.map(readScope),
  both: NAMES.both.map(readScope),
};

export function isKnownScope(scope: string, set: ScopeSet): boolean {
  const name = scope.replace(PREFIX, '').replace(/\.read$/, '');
  return OPENID.includes(scope) || (scope.startsWith(PREFIX) && NAMES[set].includes(name));
}

function readScope(name: string): string {
  return `${PREFIX}${name}.read`;
}
