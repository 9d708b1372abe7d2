import { isUtf8 } from 'node:buffer';
import { PipelineError } from '@pipeline/protocol';
import { contractFrozen, type Policy } from '../contract.ts';
import type { Limit } from '../table/column-limit.ts';
import { typeOfValue } from '../table/column-type.ts';
import { DELETED_AT_FIELD } from '../table/metadata.ts';
import { isStaleVersion } from '../versions/version-check.ts';
import type { Encoded } from './encoded.ts';
import { encodeValue, INTEGER_TOO_LARGE, isMisfit, jsonbCell, type Misfit } from './exact-value.ts';
import { jsonText } from './json-text.ts';
import { type RecordLine, readRecordLine, TooDeepError, type Value } from './record-reader.ts';
import { inlineBytes, ROW_BYTES_MAX, SAFE_COLUMNS } from './row-budget.ts';
import { type Field, type RowShape, TIME_EXTRACTED_SLOT, VERSION_SLOT } from './row-shape.ts';

type Cell = Buffer | null;

const KEY_MISSING: Misfit = { sqlstate: '23502', reason: 'the record has no value for its key' };
const TOO_DEEP: Misfit = { sqlstate: '54001', reason: 'the record is nested too deep' };
const UNDECLARED: Misfit = { sqlstate: '42703', reason: 'the record has a field that the contract does not allow' };

/** The cells of one record, read on the exact path. Undefined when the record is not to be loaded; why is in `encoded`.
 *  @throws PipelineError `SINGER_INVALID_JSON`, `SINGER_INVALID_MESSAGE`, `CONTRACT_FROZEN`. */
export function exactRow(line: Buffer, position: number, shape: RowShape, encoded: Encoded): Cell[] | undefined {
  const row = new ExactRow(shape, encoded);
  const cells = row.read(line, position);
  if (row.misfit !== undefined) {
    encoded.rejected.push({ position, column: row.misfitColumn, ...row.misfit, record: line.toString() });
    return undefined;
  }
  if (row.isDiscarded) {
    encoded.discarded++;
    return undefined;
  }
  if (row.isStale) {
    encoded.stale++;
    return undefined;
  }
  return cells;
}

class ExactRow {
  misfit: Misfit | undefined;
  misfitColumn: string | null = null;
  isDiscarded = false;
  isStale = false;
  readonly #shape: RowShape;
  readonly #encoded: Encoded;

  constructor(shape: RowShape, encoded: Encoded) {
    this.#shape = shape;
    this.#encoded = encoded;
  }

  read(line: Buffer, position: number): Cell[] {
    const record = this.#parse(line, position);
    if (record === undefined) return [];
    this.isStale = isStaleVersion(record.version, this.#shape.activeVersion);
    this.#noteMentioned(record);
    const extra = this.#undeclared(record);
    const cells = this.#shape.fields.map((field, slot) => this.#cell(field, slot, this.#value(field, slot, record)));
    if (this.#shape.fields.length > SAFE_COLUMNS) extra.push(...this.#spill(cells, record));
    if (extra.length > 0) this.#keepExtra(cells, extra);
    this.#encoded.sanitised += record.sanitised + (isUtf8(line) ? 0 : 1);
    if ((record.fields.get(DELETED_AT_FIELD)?.kind ?? 'null') !== 'null') this.#encoded.tombstones++;
    return cells;
  }

  #noteMentioned(record: RecordLine): void {
    for (const slot of this.#shape.undeclaredSlots) {
      const property = this.#shape.fields[slot]?.property;
      if (property !== undefined && record.fields.has(property)) this.#encoded.mentioned.add(slot);
    }
  }

  #parse(line: Buffer, position: number): RecordLine | undefined {
    try {
      return readRecordLine(line.toString(), this.#shape.stream);
    } catch (error) {
      if (error instanceof TooDeepError) {
        this.#reject(null, TOO_DEEP);
        return undefined;
      }
      if (error instanceof PipelineError) throw atPosition(error, position);
      throw error;
    }
  }

  /** Fields without a column: for the extra column, or what the contract says. */
  #undeclared(record: RecordLine): [string, Value][] {
    const extra: [string, Value][] = [];
    for (const [property, value] of record.fields) {
      if (value.kind === 'null' || this.#shape.slots.has(property)) continue;
      if (this.#shape.contract.columns !== 'evolve') this.#apply(this.#shape.contract.columns, null, UNDECLARED);
      else if (this.#shape.isFull) extra.push([property, value]);
      else this.#encoded.needs.types.set(property, typeOfValue(value.kind));
    }
    return extra;
  }

  /** Empties the last columns of a row that would not fit its page. */
  #spill(cells: Cell[], record: RecordLine): [string, Value][] {
    const spilled: [string, Value][] = [];
    let bytes = 0;
    for (const [slot, { type, property, isRequired }] of this.#shape.fields.entries()) {
      const cell = cells[slot] ?? null;
      if (cell === null) continue;
      bytes += inlineBytes(type, cell.length);
      const value = property === undefined ? undefined : record.fields.get(property);
      if (bytes <= ROW_BYTES_MAX || isRequired || property === undefined || value === undefined) continue;
      spilled.push([property, value]);
      cells[slot] = null;
    }
    return spilled;
  }

  #keepExtra(cells: Cell[], extra: [string, Value][]): void {
    const { extraSlot } = this.#shape;
    if (extraSlot === undefined) {
      this.#encoded.needs.extraColumn = true;
      return;
    }
    const members = extra.map(
      ([property, value]) => `${JSON.stringify(property.toWellFormed().replaceAll('\0', '\uFFFD'))}:${jsonText(value)}`,
    );
    cells[extraSlot] = jsonbCell(`{${members.join(',')}}`);
  }

  #value(field: Field, slot: number, record: RecordLine): Value | undefined {
    if (slot === TIME_EXTRACTED_SLOT) return record.timeExtracted;
    if (slot === VERSION_SLOT) return record.version;
    return field.property === undefined ? undefined : record.fields.get(field.property);
  }

  #cell(field: Field, slot: number, value: Value | undefined): Cell {
    if (value?.kind === 'string' && isEmptyIn(field, value.text)) {
      this.#encoded.sanitised++;
      return this.#cell(field, slot, undefined);
    }
    const cell = value === undefined ? null : encodeValue(field.type, value);
    const { limit } = field;
    if (limit !== undefined && value !== undefined && value.kind !== 'null' && !limit.fits(value)) {
      this.#outgrown(field, limit);
      return null;
    }
    if (!isMisfit(cell)) {
      if (cell === null && field.isRequired) this.#reject(field.column, KEY_MISSING);
      return cell;
    }
    // What the message says beside its record never costs the record.
    if (slot === TIME_EXTRACTED_SLOT || slot === VERSION_SLOT) return null;
    this.#misfit(field, value, cell);
    return null;
  }

  #misfit(field: Field, value: Value | undefined, misfit: Misfit): void {
    const { types } = this.#shape.contract;
    const canWiden = misfit === INTEGER_TOO_LARGE || !field.isDeclared;
    if (
      types === 'evolve' &&
      canWiden &&
      field.property !== undefined &&
      value !== undefined &&
      value.kind !== 'null'
    ) {
      this.#encoded.needs.types.set(field.property, misfit === INTEGER_TOO_LARGE ? 'numeric' : typeOfValue(value.kind));
    } else if (field.isRequired && types === 'discard_value') this.#reject(field.column, misfit);
    else this.#apply(types === 'evolve' ? 'quarantine' : types, field.column, misfit);
  }

  /** A column of somebody else that the value does not fit. */
  #outgrown(field: Field, { misfit, widensTo }: Limit): void {
    const { types } = this.#shape.contract;
    if (types === 'evolve' && field.property !== undefined) this.#encoded.needs.types.set(field.property, widensTo);
    else if (types === 'evolve' || (field.isRequired && types === 'discard_value')) this.#reject(field.column, misfit);
    else this.#apply(types, field.column, misfit);
  }

  #apply(policy: Exclude<Policy, 'evolve'>, column: string | null, misfit: Misfit): void {
    if (policy === 'quarantine') this.#reject(column, misfit);
    else if (policy === 'discard_row') this.isDiscarded = true;
    else if (policy === 'freeze') throw contractFrozen(this.#shape.stream, misfit.reason, column);
  }

  #reject(column: string | null, misfit: Misfit): void {
    if (this.misfit !== undefined) return;
    this.misfit = misfit;
    this.misfitColumn = column;
  }
}

/** Sources write the empty string where they have no date, number or truth. */
function isEmptyIn({ type, property }: Field, text: string): boolean {
  return property !== undefined && type !== 'text' && type !== 'jsonb' && text.trim() === '';
}

function atPosition(error: PipelineError, position: number): PipelineError {
  const { code, recovery, message, context } = error;
  return new PipelineError({
    code,
    recovery,
    message: `record ${position + 1} of the batch: ${message}`,
    context: { ...context, position },
    cause: error,
  });
}
