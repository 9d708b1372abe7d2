import type { Contract } from '../contract.ts';
import type { Limit } from '../table/column-limit.ts';
import type { ColumnType } from '../table/column-type.ts';
import { DELETED_AT_FIELD, EXTRA_COLUMN } from '../table/metadata.ts';
import { writeInt32, writeInt64 } from './binary-value.ts';

/** A column that a record fills. */
export interface Field {
  column: string;
  type: ColumnType;
  /** Property of the record; undefined for what the message itself says. */
  property: string | undefined;
  /** Part of the key: never null. */
  isRequired: boolean;
  /** The stream's schema has it; else it was found in a record. */
  isDeclared: boolean;
  /** Of a column whose type somebody else chose: each value is checked, on the exact path. */
  limit?: Limit | undefined;
}

/** The columns of a COPY, in order: the constants, the position of the record where it is needed, then the fields. */
export interface RowShape {
  stream: string;
  contract: Contract;
  fields: Field[];
  /** Slot of each property. */
  slots: ReadonlyMap<string, number>;
  /** Takes what has no column of its own, or no room in its row. */
  extraSlot: number | undefined;
  /** The table takes no more columns: new fields go to the extra column. */
  isFull: boolean;
  /** Slots of fields that the schema does not declare. */
  undeclaredSlots: number[];
  /** Every value of these has to be checked against its column. */
  limitedSlots: number[];
  /** The active table version: records of older ones are left out. */
  activeVersion: bigint | undefined;
  hasPosition: boolean;
  constants: Constants;
}

/** Values that are the same in every row, encoded once. */
export interface Constants {
  columns: string[];
  bytes: Buffer;
}

export const TIME_EXTRACTED_SLOT = 0;
export const DELETED_AT_SLOT = 1;
export const VERSION_SLOT = 2;

const MESSAGE_FIELDS: Field[] = [
  { column: '_sdc_extracted_at', type: 'timestamptz', property: undefined, isRequired: false, isDeclared: true },
  { column: '_sdc_deleted_at', type: 'timestamptz', property: DELETED_AT_FIELD, isRequired: false, isDeclared: true },
  { column: '_sdc_table_version', type: 'bigint', property: undefined, isRequired: false, isDeclared: true },
];

const EXTRA_FIELD: Field = {
  column: EXTRA_COLUMN,
  type: 'jsonb',
  property: undefined,
  isRequired: false,
  isDeclared: true,
};

const NO_CONSTANTS: Constants = { columns: [], bytes: Buffer.alloc(0) };

/** The shape of a stream's rows, without constants and position. */
export function rowShape(
  stream: string,
  contract: Contract,
  columns: Field[],
  options: { hasExtra?: boolean; isFull?: boolean; activeVersion?: bigint | undefined } = {},
): RowShape {
  const { hasExtra = false, isFull = false, activeVersion } = options;
  const fields = [...MESSAGE_FIELDS, ...columns, ...(hasExtra ? [EXTRA_FIELD] : [])];
  return {
    stream,
    contract,
    fields,
    slots: new Map(fields.flatMap(({ property }, slot) => (property === undefined ? [] : [[property, slot]]))),
    extraSlot: hasExtra ? fields.length - 1 : undefined,
    isFull,
    undeclaredSlots: fields.flatMap(({ isDeclared }, slot) => (isDeclared ? [] : [slot])),
    limitedSlots: fields.flatMap(({ limit }, slot) => (limit === undefined ? [] : [slot])),
    activeVersion,
    hasPosition: false,
    constants: NO_CONSTANTS,
  };
}

export const POSITION_COLUMN = '_sdc_position';

/** Columns of the COPY, in order. */
export function copyColumns(shape: RowShape): string[] {
  const position = shape.hasPosition ? [POSITION_COLUMN] : [];
  return [...position, ...shape.constants.columns, ...shape.fields.map((field) => field.column)];
}

const MILLISECONDS_TO_2000 = Date.UTC(2000, 0, 1);

/** The metadata that a whole batch shares. */
export function batchConstants(batch: { receivedAt: Date; batchedAt: Date; sequence: bigint }): Constants {
  const bytes = Buffer.alloc(3 * 12);
  let at = writeTime(bytes, 0, batch.receivedAt);
  at = writeTime(bytes, at, batch.batchedAt);
  at = writeInt32(bytes, at, 8);
  bytes.writeBigInt64BE(batch.sequence, at);
  return { columns: ['_sdc_received_at', '_sdc_batched_at', '_sdc_sequence'], bytes };
}

function writeTime(out: Buffer, at: number, time: Date): number {
  return writeInt64(out, writeInt32(out, at, 8), (time.getTime() - MILLISECONDS_TO_2000) * 1_000);
}
