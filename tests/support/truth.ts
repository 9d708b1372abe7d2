import type { Pool } from '@pipeline/postgres';
import { type JsonObject, parseJson } from '@pipeline/singer';
import { type Comparison, compareStream, type Truth } from '@pipeline/testing';
import type { Sandbox } from '../../services/sandbox/src/sandbox.ts';
import { selectedStreams } from '../../tools/selected-streams.ts';

export interface Compared {
  rows: number;
  differences: Comparison['differences'];
  streams: number;
}

/** Compares the tables of these streams with what exists at their sources. */
export async function compareAll(pool: Pool, truths: Iterable<Iterable<Truth>>): Promise<Compared> {
  const total: Compared = { rows: 0, differences: [], streams: 0 };
  for (const truth of truths) {
    for (const stream of truth) {
      const result = await compareStream(pool, stream);
      total.rows += result.rows;
      total.streams += 1;
      total.differences.push(...result.differences);
    }
  }
  return total;
}

/** What the selected streams of a source hold, one stream at a time: together they may be large.
 *  @param schema where the rows are loaded. @default the source's own */
export function* sandboxTruth(
  sandbox: Sandbox,
  source: string,
  { environment, schema = source }: { environment?: Record<string, string>; schema?: string } = {},
): Generator<Truth> {
  const isSelected = selectedStreams(source, environment);
  for (const { stream, key, rows } of sandbox.api(source).truth()) {
    if (!isSelected(stream)) continue;
    yield { source: schema, stream, key, rows: parseJson(JSON.stringify([...rows])) as JsonObject[] };
  }
}
