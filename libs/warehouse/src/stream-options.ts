import type { ColumnType } from './column-type.ts';
import type { PartialContract } from './contract.ts';
import type { NamingStrategy } from './identifier.ts';

/** What one stream has of its own; the rest is as the warehouse says. */
export interface StreamOptions {
  /** Name of its table, as it is. */
  table?: string | undefined;
  naming?: NamingStrategy | undefined;
  contract?: PartialContract | undefined;
  keyChange?: 'error' | 'rekey' | undefined;
  columnTypes?: Record<string, ColumnType> | undefined;
}
