import type { PartialContract } from './contract.ts';
import type { ColumnType } from './table/column-type.ts';
import type { NamingStrategy } from './table/identifier.ts';
import type { ColumnConsent } from './table/new-columns.ts';

/** What one stream has of its own; the rest is as the warehouse says. */
export interface StreamOptions {
  /** Name of its table, as it is. */
  table?: string | undefined;
  naming?: NamingStrategy | undefined;
  contract?: PartialContract | undefined;
  keyChange?: 'error' | 'rekey' | undefined;
  columnTypes?: Record<string, ColumnType> | undefined;
  columnConsent?: ColumnConsent | undefined;
}
