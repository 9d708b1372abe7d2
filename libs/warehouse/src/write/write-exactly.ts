import type { PoolClient } from '@pipeline/postgres';
import { PipelineError } from '@pipeline/protocol';
import { Encoded } from '../rows/encoded.ts';
import type { Lines } from '../rows/lines.ts';
import type { Range } from '../rows/row-encoder.ts';
import type { Table } from '../table/table.ts';
import type { RejectedRecord } from './batch.ts';
import { copyLineOf, isBlamable, refusalFor, refusalOf } from './refusal.ts';
import { refuseByChecks } from './refuse-by-checks.ts';
import type { BatchLiterals } from './row-by-row.ts';
import { ensureRefusedTable, takeRefusedRows } from './row-by-row.ts';

/** A batch in which PostgreSQL has refused something. */
export interface ExactWrite {
  client: PoolClient;
  table: Table;
  lines: Lines;
  batch: BatchLiterals;
  /** Fills the stage. */
  copy: (range: Range, encoded: Encoded) => Promise<void>;
  keptColumns: (encoded: Encoded) => ReadonlySet<string> | undefined;
  accept: (encoded: Encoded) => void;
  reject: (position: number, refusal: Pick<RejectedRecord, 'column' | 'sqlstate' | 'reason'>) => void;
  /** Records that may still be rejected; negative when there are too many. */
  refusalsLeft: () => number;
  /** The error that ends the batch then. */
  stop: () => Error;
  /** Rows were marked as deleted. */
  finishTombstones: () => Promise<void>;
}

/** Records of one batch that not even the stage takes, each of which costs a COPY of its own: text that the encoding of the database lacks. */
const COPY_REFUSALS_MAX = 500;

/** Writes all records that PostgreSQL takes, and rejects the others. The stage takes nearly everything, so one COPY is enough, and from there the server
 *  itself goes row by row where it has to. The caller has made the stage.
 *  @throws PipelineError `ENCODING_REFUSES` after {@link COPY_REFUSALS_MAX}, {@link TooManyRejected}. */
export async function writeExactly(write: ExactWrite): Promise<void> {
  await ensureRefusedTable(write.client);
  const left: Range[] = [{ from: 0, to: write.lines.count, exact: true }];
  for (let refusals = 0; left.length > 0; ) {
    const range = left.pop();
    if (range === undefined || range.from === range.to) continue;
    const encoded = new Encoded();
    await write.client.query('savepoint piece');
    try {
      await write.copy(range, encoded);
    } catch (error) {
      if (!isBlamable(error)) throw error;
      await write.client.query('rollback to savepoint piece');
      if (++refusals > COPY_REFUSALS_MAX) throw encodingRefuses(write.table, error);
      const culprit = range.to - range.from === 1 ? range.from : encoded.positions[(copyLineOf(error) ?? 0) - 1];
      left.push(...around(range, culprit));
      if (culprit !== undefined) write.reject(culprit, refusalOf(error));
      if (write.refusalsLeft() < 0) throw write.stop();
      continue;
    }
    await writeStage(write, encoded);
  }
}

/** What is left of the range without the record; its halves when nobody knows the record. The later part comes first: it is taken last. */
function around({ from, to }: Range, culprit: number | undefined): Range[] {
  const first = culprit ?? from + ((to - from) >> 1);
  const next = culprit === undefined ? first : culprit + 1;
  return [
    { from: next, to, exact: true },
    { from, to: first, exact: true },
  ];
}

async function writeStage(write: ExactWrite, encoded: Encoded): Promise<void> {
  const { client, table, batch } = write;
  const hasTombstones = encoded.tombstones > 0;
  const kept = write.keptColumns(encoded) ?? new Set();
  write.accept(encoded);
  const refusalsMax = write.refusalsLeft() - (await refuseByChecks(client, table));
  if (refusalsMax >= 0) await client.query(table.sql.writeRowByRow(batch, { kept, hasTombstones, refusalsMax }));
  for (const { position, state, column, constraint } of await takeRefusedRows(client)) {
    write.reject(position, refusalFor(state, column, constraint));
  }
  if (write.refusalsLeft() < 0) throw write.stop();
  if (hasTombstones) await write.finishTombstones();
  await client.query(table.sql.truncateStage);
}

function encodingRefuses({ stream, databaseSchema, name }: Table, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'ENCODING_REFUSES',
    recovery: 'fix-config',
    message:
      `stream ${stream}, table ${databaseSchema}.${name}: more than ${COPY_REFUSALS_MAX} records of one batch have text that PostgreSQL does not take: ` +
      'use a database with the encoding UTF8',
    context: { stream },
    cause,
  });
}
