import { DEFAULT_CONTRACT } from '../../src/contract.ts';
import { Encoded } from '../../src/rows/encoded.ts';
import { Lines } from '../../src/rows/lines.ts';
import { RowEncoder } from '../../src/rows/row-encoder.ts';
import { type Field, type RowShape, rowShape } from '../../src/rows/row-shape.ts';
import type { ColumnType } from '../../src/table/column-type.ts';

/** A shape with a column for each type, named like it. */
const EVERY_TYPE: RowShape = {
  ...rowShape(
    's',
    { ...DEFAULT_CONTRACT, columns: 'discard_value', types: 'discard_value' },
    (['bigint', 'numeric', 'boolean', 'date', 'timestamptz', 'text', 'jsonb'] satisfies ColumnType[]).map(
      (type): Field => ({ column: type, type, property: type, isRequired: false, isDeclared: true }),
    ),
  ),
  hasPosition: true,
};

const encoder = new RowEncoder(EVERY_TYPE);

/** The rows of these lines as one buffer, read on the fast path where it fits, else on the exact path. */
export function encode(lines: Buffer, exact: boolean): { bytes: Buffer; encoded: Encoded } {
  const encoded = new Encoded();
  const input = new Lines(lines);
  const rows = encoder.rows(input, { from: 0, to: input.count, exact }, encoded);
  return { bytes: Buffer.concat([...rows]), encoded };
}
