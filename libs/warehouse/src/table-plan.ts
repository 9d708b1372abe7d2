import { PipelineError } from '@pipeline/contracts';
import type { RegisteredTable } from '@pipeline/control';
import type { JsonSchema, SchemaMessage } from '@pipeline/singer';
import { type ColumnType, columnType, isColumnType, widest } from './column-type.ts';
import { type Contract, contractFrozen } from './contract.ts';
import { identifierFor, type NamingStrategy } from './identifier.ts';
import { COLUMNS_MAX, DELETED_AT_FIELD, EXTRA_COLUMN, METADATA_COLUMNS, RESERVED_COLUMNS } from './metadata.ts';
import type { Needs } from './needs.ts';
import type { Field } from './row-shape.ts';
import type { CatalogTable } from './table-state.ts';

export interface PlanOptions {
  naming: NamingStrategy;
  contract: Contract;
  keyChange: 'error' | 'rekey';
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
  /** SQL type of columns whose type the engine did not choose. */
  foreignTypes: Map<string, string>;
}

export type Change =
  | { change: 'create_table' }
  | { change: 'add_column'; column: string; to: string }
  | { change: 'widen_column'; column: string; from: string; to: string }
  | { change: 'drop_not_null'; column: string }
  | { change: 'change_key'; from: string[]; to: string[] };

/** Pure: the same registry, catalog and schema give the same plan, so two loaders agree.
 *  @param found what records turned out to need.
 *  @throws PipelineError `CONTRACT_FROZEN`, `KEY_CHANGED`, `KEY_NOT_DECLARED`. */
export function planTable(
  message: SchemaMessage,
  state: RegisteredTable,
  catalog: CatalogTable | undefined,
  found: Needs,
  options: PlanOptions,
): TablePlan {
  return new Planner(message, state, catalog, found, options).plan();
}

/** Name of the stream's table. */
export function tableName(stream: string, state: RegisteredTable, naming: NamingStrategy): string {
  return state.name ?? identifierFor(stream, naming, state.otherTables);
}

class Planner {
  readonly #message: SchemaMessage;
  readonly #state: RegisteredTable;
  readonly #catalog: CatalogTable | undefined;
  readonly #found: Needs;
  readonly #options: PlanOptions;

  readonly #changes: Change[] = [];
  readonly #newNames = new Map<string, string>();
  readonly #foreignTypes = new Map<string, string>();
  readonly #taken: Set<string>;
  #columnCount: number;
  #hasExtra: boolean;

  constructor(
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
    this.#taken = new Set([...RESERVED_COLUMNS, ...state.names.values()]);
    this.#columnCount = catalog?.columns.size ?? Object.keys(METADATA_COLUMNS).length;
    this.#hasExtra = catalog?.columns.has(EXTRA_COLUMN) === true || found.extraColumn;
  }

  plan(): TablePlan {
    if (this.#catalog === undefined) this.#changes.push({ change: 'create_table' });
    this.#planMetadata();
    const declared = this.#declaredTypes();
    const fields = [...declared].flatMap(([property, type]) => this.#planField(property, type, true));
    for (const property of new Set([...this.#state.names.keys(), ...this.#found.types.keys()])) {
      if (!declared.has(property)) fields.push(...this.#planField(property, this.#found.types.get(property), false));
    }
    if (this.#hasExtra) this.#planExtra();
    const keyColumns = fields.filter((field) => field.isRequired).map((field) => field.column);
    this.#planKey(keyColumns);
    return {
      name: tableName(this.#message.stream, this.#state, this.#options.naming),
      changes: this.#changes,
      newNames: this.#newNames,
      fields,
      hasExtra: this.#hasExtra,
      isFull: this.#columnCount >= COLUMNS_MAX,
      keyColumns,
      dataColumns: [...fields.map((field) => field.column), ...(this.#hasExtra ? [EXTRA_COLUMN] : [])],
      foreignTypes: this.#foreignTypes,
    };
  }

  /** Types of the schema's properties, the key first: it must have columns even where not everything has. */
  #declaredTypes(): Map<string, ColumnType> {
    const { stream, schema, key_properties: keys } = this.#message;
    const properties = new Map(Object.entries(propertiesOf(schema)));
    properties.delete(DELETED_AT_FIELD);
    const missing = keys.find((key) => !properties.has(key));
    if (missing !== undefined) throw keyNotDeclared(stream, missing);
    const ordered = [...keys, ...properties.keys()];
    return new Map(ordered.map((property) => [property, columnType(properties.get(property) ?? {}, schema)]));
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
    if (existing !== undefined) type = this.#planType(column, existing.type, wanted, property);
    else if (wanted === undefined || !this.#addColumn(column, wanted, isRequired)) return [];
    else type = wanted;
    if (existing?.isNotNull && !isRequired && !this.#state.keyColumns.includes(column)) {
      this.#changes.push({ change: 'drop_not_null', column });
    }
    if (known === undefined) {
      this.#newNames.set(property, column);
      this.#taken.add(column);
    }
    return [{ column, type, property, isRequired, isDeclared }];
  }

  #addColumn(column: string, type: ColumnType, isRequired: boolean): boolean {
    const { columns } = this.#options.contract;
    if (this.#catalog !== undefined && columns !== 'evolve' && !isRequired) {
      if (columns === 'freeze') throw contractFrozen(this.#message.stream, `the schema has a new column, ${column}`);
      return false;
    }
    if (this.#columnCount >= COLUMNS_MAX) {
      this.#hasExtra = true;
      return false;
    }
    this.#columnCount++;
    this.#changes.push({ change: 'add_column', column, to: type });
    return true;
  }

  /** The type that values are encoded as. */
  #planType(column: string, existing: string, wanted: ColumnType | undefined, property: string): ColumnType {
    if (!isColumnType(existing)) {
      // Somebody else chose this type: PostgreSQL casts, and what it cannot cast is rejected.
      this.#foreignTypes.set(column, existing);
      return wanted ?? 'text';
    }
    const held = this.#found.types.get(property);
    const type = [wanted, held].reduce<ColumnType>((a, b) => (b === undefined ? a : widest(a, b)), existing);
    if (type === existing) return existing;
    const { types } = this.#options.contract;
    if (types === 'freeze')
      throw contractFrozen(this.#message.stream, `the schema wants ${type} for column ${column}, which is ${existing}`);
    if (types !== 'evolve') return existing;
    this.#changes.push({ change: 'widen_column', column, from: existing, to: type });
    return type;
  }

  #planExtra(): void {
    if (this.#catalog?.columns.has(EXTRA_COLUMN)) return;
    this.#changes.push({ change: 'add_column', column: EXTRA_COLUMN, to: 'jsonb' });
  }

  #planKey(keyColumns: string[]): void {
    if (this.#catalog === undefined) return;
    const from = this.#catalog.primaryKey;
    if (sameSet(from, keyColumns)) return;
    // A table that was never ours gets the key it lacks.
    if (this.#state.name !== undefined && this.#options.keyChange === 'error') {
      throw keyChanged(this.#message.stream, from, keyColumns);
    }
    this.#changes.push({ change: 'change_key', from, to: keyColumns });
  }
}

/** How a property stands in the registry: text without what PostgreSQL cannot hold. */
export function storable(property: string): string {
  return property.toWellFormed().replaceAll('\0', '\uFFFD');
}

function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  const { properties } = schema;
  return typeof properties === 'object' && properties !== null ? properties : {};
}

function sameSet(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

function keyNotDeclared(stream: string, property: string): PipelineError {
  return new PipelineError({
    code: 'KEY_NOT_DECLARED',
    recovery: 'fail',
    message: `stream ${stream}: the key property ${property} is not in the schema`,
    context: { stream, property },
  });
}

function keyChanged(stream: string, from: string[], to: string[]): PipelineError {
  const list = (columns: string[]) => (columns.length === 0 ? 'no key' : `(${columns.join(', ')})`);
  return new PipelineError({
    code: 'KEY_CHANGED',
    recovery: 'fix-config',
    message:
      `stream ${stream}: the table has ${list(from)}, the schema says ${list(to)}. Set "key_change" to "rekey" to change the ` +
      'primary key in place, or rename the table so that the stream begins a new one',
    context: { stream },
  });
}
