import { writeInt32 } from './binary-value.ts';
import { writeFast } from './fast-value.ts';
import type { RecordScanner } from './record-scanner.ts';
import { SAFE_COLUMNS } from './row-budget.ts';
import { DELETED_AT_SLOT, type Field } from './row-shape.ts';
import { ABSENT, DOCUMENT, NULL, STRING } from './value-scanner.ts';

/** Lines that are longer become rows without a copy of their long values. */
export const HUGE_LINE_BYTES = 1024 * 1024;

/** Values that are longer are sent from where they stand. */
const LENT_VALUE_BYTES = 64 * 1024;
/** What a field takes beside its text: its length, and the part by which the binary form may be longer. */
export const FIELD_OVERHEAD_BYTES = 24;
const NULL_LENGTH = -1;
const JSONB_VERSION = 1;

/** The fields of the row that was scanned, in pieces for the COPY stream, of which the long ones are parts of `source`. Undefined when the row needs
 *  another way. */
export function hugeRow(scanner: RecordScanner, fields: readonly Field[], source: Buffer): Buffer[] | undefined {
  if (fields.length > SAFE_COLUMNS || (scanner.kinds[DELETED_AT_SLOT] ?? ABSENT) > NULL) return undefined;
  const pieces: Buffer[] = [];
  for (const [slot, { type, isRequired }] of fields.entries()) {
    const kind = scanner.kinds[slot] ?? ABSENT;
    const [start, end] = [scanner.starts[slot] ?? 0, scanner.ends[slot] ?? 0];
    if (kind <= NULL) {
      if (isRequired) return undefined;
      pieces.push(lengthOf(NULL_LENGTH));
      continue;
    }
    const isLong = end - start > LENT_VALUE_BYTES;
    if (isLong && type === 'text' && kind === STRING) {
      pieces.push(lengthOf(end - start), source.subarray(start, end));
    } else if (isLong && type === 'jsonb' && kind === DOCUMENT) {
      pieces.push(lengthOf(end - start + 1), Buffer.from([JSONB_VERSION]), source.subarray(start, end));
    } else {
      const out = Buffer.allocUnsafeSlow(end - start + FIELD_OVERHEAD_BYTES);
      const at = writeFast(type, kind, source, start, end, out, 4);
      if (at < 0) return undefined;
      writeInt32(out, 0, at - 4);
      pieces.push(out.subarray(0, at));
    }
  }
  return pieces;
}

function lengthOf(bytes: number): Buffer {
  const out = Buffer.allocUnsafe(4);
  writeInt32(out, 0, bytes);
  return out;
}
