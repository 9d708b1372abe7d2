import { createHash } from 'node:crypto';
import { quoteIdent } from '@pipeline/postgres';
import type { SchemaMessage } from '@pipeline/singer';
import { type Contract, contractFrozen } from './contract.ts';
import { LoadMode } from './load-mode.ts';
import { METADATA_COLUMNS } from './metadata.ts';
import { type BatchLiterals, rowByRow } from './row-by-row.ts';
import { copyColumns, type Field, POSITION_COLUMN, type RowShape, rowShape } from './row-shape.ts';
import type { StreamOptions } from './stream-options.ts';
import type { TablePlan } from './table-plan.ts';

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

/** The statements of a table. Constant text, so that `pg_stat_statements` shows one line for each. */
export interface TableSql {
  target: string;
  stage: string;
  createStage: (onCommit: 'delete rows' | 'drop') => string;
  copyToStage: string;
  truncateStage: string;
  /** Live records: the last of each key. @param guard `<`, or `<=` after another part of the same batch was written.
   *  @param kept columns that keep their values where the record has none. */
  upsert: (guard: Guard, kept?: ReadonlySet<string>) => string;
  /** Locks the row of every key in one order, and makes it where there is none: before the two statements that follow,
   *  which each have an order of their own. */
  claimKeys: string;
  /** Tombstones that no later record of their key follows: they keep the data that they do not carry. */
  bury: string;
  /** Rows that the tombstones of this batch have marked. */
  removeBuried: string;
  insert: string;
  /** The live rows of the stage as they would be in the table, with their `ctid` as `stage_row`. */
  stagedAsTarget: string;
  /** Writes the stage row by row where it has to, and puts what PostgreSQL refuses into {@link REFUSED_TABLE}. */
  writeRowByRow: (batch: BatchLiterals, options: { kept: ReadonlySet<string>; hasTombstones: boolean }) => string;
}

export type Guard = '<' | '<=';

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
    sql: tableSql(`${quoteIdent(place.databaseSchema)}.${quoteIdent(plan.name)}`, shape, plan),
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

const BATCH_COLUMNS = '_sdc_received_at, _sdc_batched_at, _sdc_sequence';
const BATCH_VALUES = '$1::timestamptz, $2::timestamptz, $3::bigint';
/** Names of variables in {@link TableSql.writeRowByRow}. */
const BATCH_VARIABLES = 'pipeline_v_received_at, pipeline_v_batched_at, pipeline_v_sequence';

function tableSql(target: string, shape: RowShape, plan: TablePlan): TableSql {
  const quoted = (columns: readonly string[]) => columns.map(quoteIdent).join(', ');
  const columns = shape.fields.map((field) => field.column);
  const keyFields = shape.fields.filter((field) => field.isRequired);
  const key = quoted(keyFields.map((field) => field.column));
  const stage = `pg_temp.${quoteIdent(stageName(target, shape))}`;
  const quotedValues = (fields: readonly Field[]) =>
    fields
      .map(({ column }) => plan.foreignTypes.get(column)?.cast(quoteIdent(column)) ?? quoteIdent(column))
      .join(', ');
  const values = quotedValues(shape.fields);
  // Bytewise order is the cheapest of those that are the same everywhere, and rows locked in one order cannot deadlock.
  const order = keyFields
    .map((field) => quoteIdent(field.column) + (field.type === 'text' ? ' collate "C"' : ''))
    .join(', ');

  const insertInto = `insert into ${target} as target (${quoted(columns)}, ${BATCH_COLUMNS})`;
  const last = (condition: string) =>
    `select distinct on (${order}) * from ${stage} ${condition} order by ${order}, ${POSITION_COLUMN} desc`;
  const updated = [...plan.dataColumns, ...Object.keys(METADATA_COLUMNS)].filter(
    (column) => !plan.keyColumns.includes(column),
  );
  const replace = (kept?: ReadonlySet<string>) =>
    updated
      .map((column) => {
        const name = quoteIdent(column);
        return `${name} = ${kept?.has(column) ? `coalesce(excluded.${name}, target.${name})` : `excluded.${name}`}`;
      })
      .join(', ');
  const keep = updated
    .map((column) => {
      const name = quoteIdent(column);
      return `${name} = coalesce(excluded.${name}, target.${name})`;
    })
    .join(', ');
  // Beside the batches' order, that of the table's versions: a stale version never overwrites.
  const onConflict = (assignments: string, guard: Guard) =>
    `on conflict (${key}) do update set ${assignments} ` +
    `where (target._sdc_sequence ${guard} excluded._sdc_sequence or target._sdc_sequence is null) ` +
    'and coalesce(target._sdc_table_version <= excluded._sdc_table_version, true)';
  const ofBatch = 'target._sdc_deleted_at is not null and target._sdc_sequence = $1';
  const statements = (values_: string, rows: string) => ({
    upsert: (guard: Guard, kept?: ReadonlySet<string>) =>
      `${insertInto} select ${values}, ${values_} from (${last(`where _sdc_deleted_at is null${rows}`)}) as record ` +
      onConflict(replace(kept), guard),
    claimKeys:
      `insert into ${target} as target (${key}) select ${quotedValues(keyFields)} from ` +
      `(select distinct on (${order}) * from ${stage} where true${rows} order by ${order}) as record ` +
      `on conflict (${key}) do update set _sdc_sequence = null where false`,
    bury:
      `${insertInto} select ${values}, ${values_} from (${last(`where true${rows}`)}) as record ` +
      `where _sdc_deleted_at is not null ${onConflict(keep, '<=')}`,
    insert: `${insertInto} select ${values}, ${values_} from ${stage} where true${rows}`,
  });
  const whole = statements(BATCH_VALUES, '');
  const someRows = statements(BATCH_VARIABLES, ' and ctid = any(pipeline_v_rows)');
  return {
    target,
    stage,
    createStage: (onCommit) =>
      `create temporary table if not exists ${stage} (${[
        `${POSITION_COLUMN} integer`,
        ...shape.fields.map((field) => `${quoteIdent(field.column)} ${field.type}`),
      ].join(', ')}) on commit ${onCommit}`,
    copyToStage: `copy ${stage} (${quoted(copyColumns(shape))}) from stdin (format binary)`,
    truncateStage: `truncate ${stage}`,
    ...whole,
    removeBuried:
      plan.keyColumns.length === 0
        ? `delete from ${target} as target where ${ofBatch}`
        : `delete from ${target} as target using (select distinct ${key} from ${stage}) as record
           where ${plan.keyColumns.map((column) => `target.${quoteIdent(column)} = record.${quoteIdent(column)}`).join(' and ')}
             and ${ofBatch}`,
    stagedAsTarget: `select ctid as stage_row, ${shape.fields
      .map(
        ({ column }) =>
          `${plan.foreignTypes.get(column)?.cast(quoteIdent(column)) ?? quoteIdent(column)} as ${quoteIdent(column)}`,
      )
      .join(', ')} from ${stage} where _sdc_deleted_at is null`,
    writeRowByRow: (batch, { kept, hasTombstones }) => {
      const keyed = [
        ...(hasTombstones ? [someRows.claimKeys] : []),
        someRows.upsert('<=', kept),
        ...(hasTombstones ? [someRows.bury] : []),
      ];
      return rowByRow(stage, key === '' ? [someRows.insert] : keyed, batch);
    },
  };
}

/** The same columns share a stage, so a session has few. */
function stageName(target: string, shape: RowShape): string {
  const columns = shape.fields.map((field) => `${field.column} ${field.type}`);
  const hash = createHash('sha256')
    .update(JSON.stringify([target, columns]))
    .digest('hex');
  return `stage_${hash.slice(0, 16)}`;
}
