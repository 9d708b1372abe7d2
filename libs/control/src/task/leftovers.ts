import { SEQ_LIMIT } from '@pipeline/contracts';
import { type PoolClient, quoteIdent } from '@pipeline/postgres';

interface Attempt {
  epoch: string;
  applied_seq: number;
}

/** Removes what unfinished attempts of this task committed beyond their last applied bookmark to tables without a key: the next attempt
 *  reads those records again. Keyed tables need none of it, there the later sequence wins. The claim has already waited for every
 *  loader that held the fence, so nothing slips in behind. */
export async function removeLeftovers(
  client: PoolClient,
  pipeline: string,
  stream: string,
  epoch: string,
): Promise<void> {
  const { rows: attempts } = await client.query<Attempt>(
    `update pipeline.attempts
     set cleaned = true,
         outcome = coalesce(outcome, 'superseded'),
         finished_at = coalesce(finished_at, clock_timestamp())
     where pipeline = $1 and stream = $2 and epoch < $3 and not cleaned
     returning epoch::text, applied_seq`,
    [pipeline, stream, epoch],
  );
  for (const attempt of attempts) {
    for (const table of await appendOnlyTables(client, attempt.epoch)) {
      await client.query(
        `delete from ${table} where _sdc_sequence > $1 and _sdc_sequence < $2`,
        lateSequences(attempt),
      );
    }
    await client.query('delete from pipeline.rejected_records where epoch = $1 and seq > $2', [
      attempt.epoch,
      attempt.applied_seq,
    ]);
  }
}

function lateSequences(attempt: Attempt): [string, string] {
  const first = BigInt(attempt.epoch) * BigInt(SEQ_LIMIT);
  return [String(first + BigInt(attempt.applied_seq)), String(first + BigInt(SEQ_LIMIT))];
}

/** Tables without a key that this attempt has written to. */
async function appendOnlyTables(client: PoolClient, epoch: string): Promise<string[]> {
  const { rows } = await client.query<{ database_schema: string; table_name: string }>(
    `select distinct t.database_schema, t.table_name
     from pipeline.ledger l
     join pipeline.attempts a using (epoch)
     join pipeline.tasks k on k.id = a.task_id
     join pipeline.target_tables t on t.database_schema = k.source and t.stream = l.stream
     where l.epoch = $1 and not t.has_key`,
    [epoch],
  );
  return rows.map((row) => `${quoteIdent(row.database_schema)}.${quoteIdent(row.table_name)}`);
}
