import type { Lines } from '../rows/lines.ts';
import type { WriteResult } from './batch.ts';

/** What becomes of a batch for which the contract allows no table. */
export function refuseBatch(lines: Lines, refusal: 'quarantine' | 'discard'): WriteResult {
  const { count } = lines;
  if (refusal === 'discard') return { loaded: count, rejected: [], sanitised: 0, stale: 0 };
  const reason = 'the contract allows no table for the stream';
  const rejected = Array.from({ length: count }, (_, position) => {
    return { position, column: null, sqlstate: '42P01', reason, record: lines.text(position) };
  });
  return { loaded: 0, rejected, sanitised: 0, stale: 0 };
}
