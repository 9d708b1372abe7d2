import type { Queryable } from '@pipeline/postgres';
import * as statements from './expectations.sql.ts';

/** What a read of a stream usually comes to. */
export interface Expectation {
  rows: number;
  seconds: number;
}

/** Identifies a stream and the kind of its read in {@link Expectation} maps. */
export const expectationKey = (stream: { pipeline: string; stream: string; isFull: boolean }): string =>
  `${stream.pipeline}/${stream.stream}/${stream.isFull}`;

/** The median of the last five loaded reads of the same kind, for streams that have three and whose reads are alike. */
export async function readExpectations(
  db: Queryable,
  streams: { pipeline: string; stream: string; isFull: boolean }[],
): Promise<Map<string, Expectation>> {
  if (streams.length === 0) return new Map();
  const rows = await statements.selectExpectations.all(db, {
    pipelines: streams.map((s) => s.pipeline),
    streams: streams.map((s) => s.stream),
    isFull: streams.map((s) => s.isFull),
  });
  return new Map(rows.map((row) => [expectationKey(row), { rows: row.rows, seconds: row.seconds }]));
}

/** Seconds that a run of each pipeline usually takes: the median of its last five that were loaded. */
export async function readRunExpectations(db: Queryable): Promise<Map<string, number>> {
  const rows = await statements.selectRunExpectations.all(db);
  return new Map(rows.map(({ pipeline, seconds }) => [pipeline, seconds]));
}
