import { quoteIdent } from '@pipeline/postgres';
import type { SchemaMessage } from '@pipeline/singer';
import { type Contract, contractFrozen } from '../contract.ts';
import { type RowShape, rowShape } from '../rows/row-shape.ts';
import type { StreamOptions } from '../stream-options.ts';
import { LoadMode } from '../write/load-mode.ts';
import type { TablePlan } from './table-plan.ts';
import { TableSql } from './table-sql.ts';

/** A stream's table as one schema message sees it, with everything that writing to it needs. A value: when the table changes, a new one is made. */
export interface Table {
  readonly databaseSchema: string;
  readonly stream: string;
  readonly name: string;
  readonly schema: SchemaMessage;
  readonly options: StreamOptions | undefined;
  readonly oid: number;
  /** Of its columns, when it was described. */
  readonly signature: string;
  readonly keyColumns: readonly string[];
  /** Rows as they are staged: with their position, without what the batch shares. */
  readonly stagedShape: RowShape;
  /** Every column has exactly the type that the engine writes, so rows may go to the table without a cast. */
  readonly isOwnTyped: boolean;
  readonly loadMode: LoadMode;
  readonly sql: TableSql;
  /** The contract keeps the stream out: its records are rejected or left out. */
  readonly refusal: 'quarantine' | 'discard' | undefined;
}

export function describeTable(
  place: {
    databaseSchema: string;
    schema: SchemaMessage;
    options?: StreamOptions | undefined;
    oid: number;
    signature: string;
    isEmpty: boolean;
  },
  plan: TablePlan,
  contract: Contract,
): Table {
  const { stream } = place.schema;
  const shape: RowShape = { ...rowShape(stream, contract, plan.fields, plan), hasPosition: true };
  return {
    databaseSchema: place.databaseSchema,
    stream,
    name: plan.name,
    schema: place.schema,
    options: place.options,
    oid: place.oid,
    signature: place.signature,
    keyColumns: plan.keyColumns,
    stagedShape: shape,
    isOwnTyped: plan.foreignTypes.size === 0,
    loadMode: new LoadMode(place.isEmpty),
    sql: new TableSql(`${quoteIdent(place.databaseSchema)}.${quoteIdent(plan.name)}`, shape, plan),
    refusal: undefined,
  };
}

/** A stream whose contract allows no new table.
 *  @throws PipelineError `CONTRACT_FROZEN`. */
export function refuseTable(
  place: { databaseSchema: string; schema: SchemaMessage },
  plan: TablePlan,
  contract: Contract,
): Table {
  if (contract.tables === 'freeze') throw contractFrozen(place.schema.stream, 'there is no table for it yet');
  const refusal = contract.tables === 'quarantine' ? 'quarantine' : 'discard';
  return { ...describeTable({ ...place, oid: 0, signature: '', isEmpty: false }, plan, contract), refusal };
}
