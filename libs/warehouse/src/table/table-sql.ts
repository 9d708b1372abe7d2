import { createHash } from 'node:crypto';
import { quoteIdent } from '@pipeline/postgres';
import { copyColumns, type Field, POSITION_COLUMN, type RowShape } from '../rows/row-shape.ts';
import { type BatchLiterals, rowByRow } from '../write/row-by-row.ts';
import { METADATA_COLUMNS } from './metadata.ts';
import type { TablePlan } from './table-plan.ts';

export type Guard = '<' | '<=';

/** Where the rows of a batch are. */
interface RowSource {
  /** What stands after `from`. */
  rows: string;
  /** Which of them are meant. */
  condition: string;
  /** Parameters that carry them. */
  arrays: number;
  /** Expressions for {@link BATCH_COLUMNS}. */
  batch: readonly string[];
}

const BATCH_COLUMNS = '_sdc_received_at, _sdc_batched_at, _sdc_sequence';
/** Names of variables in {@link TableSql.writeRowByRow}. */
const BATCH_VARIABLES = ['pipeline_v_received_at', 'pipeline_v_batched_at', 'pipeline_v_sequence'];

/** The statements of a table. Constant text, so that `pg_stat_statements` shows one line for each; made when they are needed, for a source may have
 *  thousands of tables. */
export class TableSql {
  readonly target: string;
  /** The temporary table that takes the rows of a large batch. */
  readonly stage: string;
  readonly #shape: RowShape;
  readonly #plan: TablePlan;

  constructor(target: string, shape: RowShape, plan: TablePlan) {
    this.target = target;
    this.stage = `pg_temp.${quoteIdent(stageName(target, shape))}`;
    this.#shape = shape;
    this.#plan = plan;
  }

  createStage(onCommit: 'delete rows' | 'drop'): string {
    const columns = [
      `${POSITION_COLUMN} integer`,
      ...this.#shape.fields.map(({ column, type }) => `${quoteIdent(column)} ${type}`),
    ];
    return `create temporary table if not exists ${this.stage} (${columns.join(', ')}) on commit ${onCommit}`;
  }

  get copyToStage(): string {
    return `copy ${this.stage} (${quoted(copyColumns(this.#shape))}) from stdin (format binary)`;
  }

  /** Rows that are staged. Parameters: received_at, batched_at, sequence. */
  get staged(): RowStatements {
    return this.#statements({ rows: this.stage, condition: 'true', arrays: 0, batch: batchParameters(1) });
  }

  /** Rows that come as parameters: an array for each column of the stage, then received_at, batched_at, sequence. */
  get sent(): RowStatements {
    const { fields } = this.#shape;
    const arrays = ['integer', ...fields.map(({ type }) => type)].map((type, index) => `$${index + 1}::${type}[]`);
    return this.#statements({
      rows: `unnest(${arrays.join(', ')}) as stage (${quoted([POSITION_COLUMN, ...fields.map(({ column }) => column)])})`,
      condition: 'true',
      arrays: arrays.length,
      batch: batchParameters(arrays.length + 1),
    });
  }

  /** The live rows of the stage as they would be in the table, with their `ctid` as `stage_row`. */
  get stagedAsTarget(): string {
    const values = this.#shape.fields.map((field) => `${this.#value(field)} as ${quoteIdent(field.column)}`);
    return `select ctid as stage_row, ${values.join(', ')} from ${this.stage} where _sdc_deleted_at is null`;
  }

  get truncateStage(): string {
    return `truncate ${this.stage}`;
  }

  /** Writes the stage row by row where it has to, and puts what PostgreSQL refuses into {@link REFUSED_TABLE}. */
  writeRowByRow(
    batch: BatchLiterals,
    options: { kept: ReadonlySet<string>; hasTombstones: boolean; refusalsMax: number },
  ): string {
    const condition = 'ctid = any(pipeline_v_rows)';
    const some = this.#statements({ rows: this.stage, condition, arrays: 0, batch: BATCH_VARIABLES });
    if (this.#plan.keyColumns.length === 0) return rowByRow(this.stage, [some.insert()], batch, options.refusalsMax);
    const upsert = some.upsert('<=', options.kept);
    const statements = options.hasTombstones ? [some.claimKeys(), upsert, some.softDelete()] : [upsert];
    return rowByRow(this.stage, statements, batch, options.refusalsMax);
  }

  #statements(source: RowSource): RowStatements {
    return new RowStatements(this.target, this.#shape, this.#plan, source);
  }

  #value({ column }: Field): string {
    return targetValue(this.#plan, column);
  }
}

/** What writes the rows of one source into the table. */
export class RowStatements {
  readonly #target: string;
  readonly #fields: Field[];
  readonly #plan: TablePlan;
  readonly #source: RowSource;

  constructor(target: string, shape: RowShape, plan: TablePlan, source: RowSource) {
    this.#target = target;
    this.#fields = shape.fields;
    this.#plan = plan;
    this.#source = source;
  }

  /** All rows of a table without key. */
  insert(): string {
    const { rows, condition } = this.#source;
    return `${this.#insertInto} select ${this.#values} from ${rows} where ${condition}`;
  }

  /** Live records: the last of each key. @param guard `<`, or `<=` after another part of the same batch was written.
   *  @param kept columns that keep their values where the record has none. */
  upsert(guard: Guard, kept?: ReadonlySet<string>): string {
    const { condition } = this.#source;
    const last = this.#lastOfEachKey(`${condition} and _sdc_deleted_at is null`);
    return `${this.#insertInto} select ${this.#values} from (${last}) as record ${this.#onConflict(guard, (column) => kept?.has(column) === true)}`;
  }

  /** Locks the row of every key in one order, and makes it where there is none: before the two statements that write live records and tombstones,
   *  which each have an order of their own. Without the parameters of the batch. */
  claimKeys(): string {
    const { rows, condition } = this.#source;
    const keys = this.#fields.filter(({ isRequired }) => isRequired);
    const values = keys.map(({ column }) => targetValue(this.#plan, column)).join(', ');
    return (
      `insert into ${this.#target} as target (${this.#key}) select ${values} from ` +
      `(select distinct on (${this.#order}) * from ${rows} where ${condition} order by ${this.#order}) as record ` +
      `on conflict (${this.#key}) do update set _sdc_sequence = null where false`
    );
  }

  /** Tombstones that no later record of their key follows: they keep the data that they do not carry. */
  softDelete(): string {
    const last = this.#lastOfEachKey(this.#source.condition);
    return (
      `${this.#insertInto} select ${this.#values} from (${last}) as record ` +
      `where _sdc_deleted_at is not null ${this.#onConflict('<=', () => true)}`
    );
  }

  /** Removes the rows that the tombstones of this batch have marked. Parameters: the arrays if the table has a key, then the sequence. */
  removeSoftDeleted(): string {
    const { rows, condition, arrays } = this.#source;
    const hasKey = this.#plan.keyColumns.length > 0;
    const ofBatch = `target._sdc_deleted_at is not null and target._sdc_sequence = $${hasKey ? arrays + 1 : 1}::bigint`;
    if (!hasKey) return `delete from ${this.#target} as target where ${ofBatch}`;
    const sameKey = this.#plan.keyColumns.map(quoteIdent).map((name) => `target.${name} = record.${name}`);
    return (
      `delete from ${this.#target} as target using (select distinct ${this.#key} from ${rows} where ${condition}) as record ` +
      `where ${sameKey.join(' and ')} and ${ofBatch}`
    );
  }

  get #insertInto(): string {
    return `insert into ${this.#target} as target (${quoted(this.#fields.map(({ column }) => column))}, ${BATCH_COLUMNS})`;
  }

  get #values(): string {
    return [...this.#fields.map(({ column }) => targetValue(this.#plan, column)), ...this.#source.batch].join(', ');
  }

  get #key(): string {
    return quoted(this.#fields.filter(({ isRequired }) => isRequired).map(({ column }) => column));
  }

  /** Bytewise order is the cheapest of those that are the same everywhere, and rows locked in one order cannot deadlock. */
  get #order(): string {
    return this.#fields
      .filter(({ isRequired }) => isRequired)
      .map(({ column, type }) => quoteIdent(column) + (type === 'text' ? ' collate "C"' : ''))
      .join(', ');
  }

  #lastOfEachKey(condition: string): string {
    const { rows } = this.#source;
    return `select distinct on (${this.#order}) * from ${rows} where ${condition} order by ${this.#order}, ${POSITION_COLUMN} desc`;
  }

  /** Beside the batches' order, that of the table's versions: a stale version never overwrites. */
  #onConflict(guard: Guard, isKept: (column: string) => boolean): string {
    const assignments = [...this.#plan.dataColumns, ...Object.keys(METADATA_COLUMNS)]
      .filter((column) => !this.#plan.keyColumns.includes(column))
      .map((column) => {
        const name = quoteIdent(column);
        return `${name} = ${isKept(column) ? `coalesce(excluded.${name}, target.${name})` : `excluded.${name}`}`;
      });
    return (
      `on conflict (${this.#key}) do update set ${assignments.join(', ')} ` +
      `where (target._sdc_sequence ${guard} excluded._sdc_sequence or target._sdc_sequence is null) ` +
      'and coalesce(target._sdc_table_version <= excluded._sdc_table_version, true)'
    );
  }
}

const quoted = (columns: readonly string[]) => columns.map(quoteIdent).join(', ');

/** A column of the source as a value of the table. */
function targetValue(plan: TablePlan, column: string): string {
  const name = quoteIdent(column);
  return plan.foreignTypes.get(column)?.cast(name) ?? name;
}

function batchParameters(first: number): string[] {
  return [`$${first}::timestamptz`, `$${first + 1}::timestamptz`, `$${first + 2}::bigint`];
}

/** The same columns of the same table share a stage. */
function stageName(target: string, shape: RowShape): string {
  const columns = shape.fields.map((field) => `${field.column} ${field.type}`);
  const hash = createHash('sha256')
    .update(JSON.stringify([target, columns]))
    .digest('hex');
  return `stage_${hash.slice(0, 16)}`;
}
