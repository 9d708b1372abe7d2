import type { Queryable } from '@pipeline/postgres';

export interface RejectedRecord {
  pipeline: string;
  stream: string;
  runId: string;
  epoch: number;
  seq: number | null;
  /** Of the record in its batch, from 0. */
  position: number | null;
  column: string | null;
  sqlstate: string | null;
  reason: string;
  /** The record's text. Never logged. */
  record: string;
}

/** Sets records aside that cannot be loaded, with the reason. In the loader this is part of the batch's transaction. */
export async function rejectRecords(db: Queryable, records: RejectedRecord[]): Promise<void> {
  if (records.length === 0) return;
  await db.query(
    `insert into pipeline.rejected_records (pipeline, stream, run_id, epoch, seq, position, column_name, sqlstate, reason, record)
     select * from unnest($1::text[], $2::text[], $3::uuid[], $4::bigint[], $5::int[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[])`,
    [
      records.map((record) => record.pipeline),
      records.map((record) => record.stream),
      records.map((record) => record.runId),
      records.map((record) => record.epoch),
      records.map((record) => record.seq),
      records.map((record) => record.position),
      records.map((record) => record.column),
      records.map((record) => record.sqlstate),
      records.map((record) => record.reason),
      records.map((record) => record.record),
    ],
  );
}

/** Rows of this attempt and stream that are in the ledger, and how many of them were rejected. */
export async function countStreamRows(
  db: Queryable,
  epoch: number,
  stream: string,
): Promise<{ rows: number; rejected: number }> {
  const { rows } = await db.query<{ rows: string; rejected: string }>(
    `select coalesce(sum(rows), 0) as rows, coalesce(sum(rejected), 0) as rejected
     from pipeline.ledger where epoch = $1 and stream = $2`,
    [epoch, stream],
  );
  return { rows: Number(rows[0]?.rows ?? 0), rejected: Number(rows[0]?.rejected ?? 0) };
}
