import type { RegisteredTable } from '@pipeline/control';
import type { SchemaMessage } from '@pipeline/singer';
import { type Contract, contractFrozen } from '../contract.ts';
import type { Field } from '../rows/row-shape.ts';
import { type ColumnType, isColumnType, widest } from './column-type.ts';
import { declaredTypes } from './declared-types.ts';
import { type ForeignType, foreignType } from './foreign-type.ts';
import { identifierCandidates, identifierFor, type NamingStrategy, storable } from './identifier.ts';
import { COLUMNS_MAX, EXTRA_COLUMN, METADATA_COLUMNS, RESERVED_COLUMNS } from './metadata.ts';
import type { Needs } from './needs.ts';
import { type ColumnConsent, checkNewColumns } from './new-columns.ts';
import type { Change } from './table-change.ts';
import { checkFilled, columnComputed, planKey } from './table-key.ts';
import type { CatalogColumn, CatalogTable } from './table-state.ts';

export interface PlanOptions {
  /** Name of the table, as it is. */
  table: string | undefined;
  naming: NamingStrategy;
  contract: Contract;
  keyChange: 'error' | 'rekey';
  /** Type of the column of a property, whatever the schema says. */
  columnTypes: Record<string, ColumnType>;
  /** What an operator has allowed, and where. */
  consent?: ColumnConsent | undefined;
}

/** What has to change so that a table holds what a schema declares, and how records go into it afterwards. */
export interface TablePlan {
  name: string;
  changes: Change[];
  /** Columns to register, by property. */
  newNames: Map<string, string>;
  fields: Field[];
  hasExtra: boolean;
  isFull: boolean;
  keyColumns: string[];
  /** Every column that a record may fill, also those that this schema does not have. */
  dataColumns: string[];
  /** Columns whose type the engine did not choose. */
  foreignTypes: Map<string, ForeignType>;
  activeVersion: bigint | undefined;
}

/** Pure: the same registry, catalog and schema lead to the same plan, so two loaders agree.
 *  @param found what records turned out to need.
 *  @throws PipelineError `CONTRACT_FROZEN`, `KEY_CHANGED`, `KEY_NOT_DECLARED`, `TABLE_REFUSED`, `TOO_MANY_NEW_COLUMNS`. */
export function planTable(
  databaseSchema: string,
  message: SchemaMessage,
  state: RegisteredTable,
  catalog: CatalogTable | undefined,
  found: Needs,
  options: PlanOptions,
): TablePlan {
  const { stream } = message;
  const place = { databaseSchema, stream, table: tableName(stream, state, options) };
  return new Planner(place, message, state, catalog, found, options).plan();
}

/** Name of the stream's table. */
export function tableName(stream: string, state: RegisteredTable, options: TableNaming): string {
  return state.name ?? identifierFor(...nameOf(stream, options), state.otherTables);
}

type TableNaming = Pick<PlanOptions, 'table' | 'naming'>;

/** Names that the table of a new stream could get. */
export function tableNames(stream: string, options: TableNaming): string[] {
  return identifierCandidates(...nameOf(stream, options));
}

function nameOf(stream: string, { table, naming }: TableNaming): [string, NamingStrategy] {
  return table === undefined ? [stream, naming] : [table, 'verbatim'];
}

interface Place {
  databaseSchema: string;
  stream: string;
  table: string;
}

class Planner {
  readonly #message: SchemaMessage;
  readonly #state: RegisteredTable;
  readonly #catalog: CatalogTable | undefined;
  readonly #found: Needs;
  readonly #options: PlanOptions;

  readonly #place: Place;
  readonly #changes: Change[] = [];
  readonly #newNames = new Map<string, string>();
  readonly #foreignTypes = new Map<string, ForeignType>();
  readonly #taken: Set<string>;
  #columnCount: number;
  /** Properties that a new table has no room for. */
  #leftOver = 0;
  #hasExtra: boolean;

  constructor(
    place: Place,
    message: SchemaMessage,
    state: RegisteredTable,
    catalog: CatalogTable | undefined,
    found: Needs,
    options: PlanOptions,
  ) {
    this.#message = message;
    this.#state = state;
    this.#catalog = catalog;
    this.#found = found;
    this.#options = options;
    this.#place = place;
    this.#taken = new Set([...RESERVED_COLUMNS, ...state.names.values()]);
    this.#columnCount = catalog?.columns.size ?? Object.keys(METADATA_COLUMNS).length;
    this.#hasExtra = catalog?.columns.has(EXTRA_COLUMN) === true || found.extraColumn;
  }

  plan(): TablePlan {
    if (this.#catalog === undefined) this.#changes.push({ change: 'create_table' });
    this.#planMetadata();
    const declared = declaredTypes(this.#message, this.#options.columnTypes);
    const fields = [...declared].flatMap(([property, type]) => this.#planField(property, type, true));
    for (const property of new Set([...this.#state.names.keys(), ...this.#found.types.keys()])) {
      if (!declared.has(property)) fields.push(...this.#planField(property, this.#found.types.get(property), false));
    }
    this.#checkNewColumns();
    if (this.#hasExtra) this.#planExtra();
    const keyColumns = fields.filter((field) => field.isRequired).map((field) => field.column);
    if (this.#catalog !== undefined) {
      checkFilled(this.#place, this.#catalog, fields);
      this.#changes.push(
        ...planKey(this.#message.stream, this.#state, this.#catalog, keyColumns, this.#options.keyChange),
      );
    }
    return {
      name: this.#place.table,
      changes: this.#changes,
      newNames: this.#newNames,
      fields,
      hasExtra: this.#hasExtra,
      isFull: this.#columnCount >= COLUMNS_MAX,
      keyColumns,
      dataColumns: [...fields.map((field) => field.column), ...(this.#hasExtra ? [EXTRA_COLUMN] : [])],
      foreignTypes: this.#foreignTypes,
      activeVersion: this.#state.activeVersion,
    };
  }

  #checkNewColumns(): void {
    const existing = this.#catalog?.columns.size ?? 0;
    const added = this.#changes.filter(({ change }) => change === 'add_column').length;
    const columns = { existing, wanted: existing + added + this.#leftOver };
    checkNewColumns(this.#place, columns, this.#options.consent);
  }

  #planMetadata(): void {
    for (const [column, type] of Object.entries(METADATA_COLUMNS)) {
      const existing = this.#catalog?.columns.get(column);
      if (this.#catalog === undefined) continue;
      if (existing === undefined) this.#changes.push({ change: 'add_column', column, to: type });
      else if (existing.type !== type || (column === '_sdc_sequence' && this.#state.name === undefined)) {
        // The sequence of a table that was never ours counts something else.
        this.#changes.push({ change: 'widen_column', column, from: existing.type, to: type });
      }
    }
  }

  /** The column of a property; none when it goes to the extra column or the contract keeps it out. */
  #planField(property: string, wanted: ColumnType | undefined, isDeclared: boolean): Field[] {
    const isRequired = this.#message.key_properties.includes(property);
    const known = this.#state.names.get(storable(property));
    const column = known ?? identifierFor(property, this.#options.naming, this.#taken);
    const existing = this.#catalog?.columns.get(column);
    let type: ColumnType;
    if (existing?.isComputed === true) throw columnComputed(this.#place, column);
    if (existing !== undefined) type = this.#planType(column, existing, wanted, property);
    else if (wanted === undefined || !this.#addColumn(column, wanted, isRequired)) return [];
    else type = wanted;
    const isKeyOfTable = this.#state.keyColumns.includes(column) || this.#catalog?.primaryKey.includes(column) === true;
    if (existing?.isNotNull && !isRequired && !isKeyOfTable) {
      this.#changes.push({ change: 'drop_not_null', column });
    }
    if (known === undefined) {
      this.#newNames.set(property, column);
      this.#taken.add(column);
    }
    return [{ column, type, property, isRequired, isDeclared, limit: this.#foreignTypes.get(column)?.limit }];
  }

  #addColumn(column: string, type: ColumnType, isRequired: boolean): boolean {
    const { columns } = this.#options.contract;
    if (this.#catalog !== undefined && columns !== 'evolve' && !isRequired) {
      if (columns === 'freeze') throw contractFrozen(this.#message.stream, `the schema has a new column, ${column}`);
      return false;
    }
    if (this.#columnCount >= COLUMNS_MAX) {
      this.#hasExtra = true;
      if (this.#catalog === undefined) this.#leftOver++;
      return false;
    }
    this.#columnCount++;
    this.#changes.push({ change: 'add_column', column, to: type });
    return true;
  }

  /** The type that values are encoded as. */
  #planType(column: string, existing: CatalogColumn, wanted: ColumnType | undefined, property: string): ColumnType {
    const held = this.#found.types.get(property);
    if (!isColumnType(existing.type)) return this.#planForeignType(column, existing, wanted, held);
    const type = [wanted, held].reduce<ColumnType>((a, b) => (b === undefined ? a : widest(a, b)), existing.type);
    return type === existing.type || !this.#mayWiden(column, existing.type, type) ? existing.type : type;
  }

  /** Somebody else chose this type: PostgreSQL casts, and the column becomes one of ours only when a value would be changed. */
  #planForeignType(
    column: string,
    existing: CatalogColumn,
    wanted: ColumnType | undefined,
    held: ColumnType | undefined,
  ): ColumnType {
    const type = held === undefined || wanted === undefined ? held : widest(held, wanted);
    if (type !== undefined && this.#mayWiden(column, existing.type, type)) return type;
    const foreign = foreignType(existing.type, existing.baseType, wanted);
    this.#foreignTypes.set(column, foreign);
    return foreign.encoded;
  }

  #mayWiden(column: string, from: string, to: ColumnType): boolean {
    const { types } = this.#options.contract;
    if (types === 'freeze')
      throw contractFrozen(this.#message.stream, `the schema wants ${to} for column ${column}, which is ${from}`);
    if (types !== 'evolve') return false;
    this.#changes.push({ change: 'widen_column', column, from, to });
    return true;
  }

  #planExtra(): void {
    if (this.#catalog?.columns.has(EXTRA_COLUMN)) return;
    this.#changes.push({ change: 'add_column', column: EXTRA_COLUMN, to: 'jsonb' });
  }
}
