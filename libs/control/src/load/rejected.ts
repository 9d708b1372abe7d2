import type { Queryable } from '@pipeline/postgres';
import * as statements from './rejected.sql.ts';

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
  const stored = await textStorage(db, records);
  await statements.insertRejected.run(db, {
    pipelines: records.map((record) => record.pipeline),
    streams: records.map((record) => record.stream),
    runIds: records.map((record) => record.runId),
    epochs: records.map((record) => record.epoch),
    seqs: records.map((record) => record.seq),
    positions: records.map((record) => record.position),
    columns: records.map((record) => record.column),
    sqlstates: records.map((record) => record.sqlstate),
    reasons: records.map((record) => record.reason),
    records: records.map((record) => stored(record.record)),
  });
}

const NOT_ASCII = /[\u0080-\uffff]/;

/** How the text of these records is stored: as it came, or with escapes of JSON for what a database of another encoding than UTF8 could not hold. */
async function textStorage(db: Queryable, records: RejectedRecord[]): Promise<(text: string) => string> {
  const isPlain = records.every(({ record }) => !NOT_ASCII.test(record));
  const encoding = isPlain ? undefined : await statements.selectEncoding.first(db);
  if (encoding === undefined || encoding.encoding === 'UTF8') return (text) => text;
  return (text) =>
    text.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Sets a record aside that the source could not deliver: `record` names its key. What an earlier attempt said of the same record is replaced, so
 *  that a record which cannot be had for weeks stands here once. */
export async function rejectAtSource(db: Queryable, record: RejectedRecord): Promise<void> {
  const { pipeline, stream } = record;
  await statements.removeRepeated.run(db, { pipeline, stream, record: record.record });
  await rejectRecords(db, [record]);
}

/** Whether a record of this batch was set aside. */
export async function hasRejected(db: Queryable, batch: { epoch: number; seq: number }): Promise<boolean> {
  return (await statements.selectHasRejected.one(db, batch)).found;
}
