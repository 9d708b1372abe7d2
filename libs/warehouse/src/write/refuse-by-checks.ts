import { type PoolClient, quoteLiteral } from '@pipeline/postgres';
import type { Table } from '../table/table.ts';
import { isBlamable } from './refusal.ts';
import { REFUSED_TABLE } from './row-by-row.ts';

const CHECK_VIOLATION = '23514';

/** Takes the rows that break a check constraint of the table out of the stage, all at once: a constraint of a user mostly refuses many rows, and one by
 *  one they would cost many times the batch. What it cannot decide, the rows themselves show.
 *  @returns their number. */
export async function refuseByChecks(client: PoolClient, { oid, sql, stagedShape }: Table): Promise<number> {
  const columns = stagedShape.fields.filter(({ isDeclared }) => isDeclared).map(({ column }) => column);
  const { rows } = await client.query<{ name: string; expression: string }>(
    `select k.conname as name, pg_get_expr(k.conbin, k.conrelid) as expression from pg_constraint k
     where k.conrelid = $1 and k.contype = 'c' and k.conkey <@ array(
       select a.attnum from pg_attribute a where a.attrelid = k.conrelid and a.attname = any($2))`,
    [oid, columns],
  );
  if (rows.length === 0) return 0;
  const broken = rows
    .map(({ name, expression }) => `when (${expression}) is false then ${quoteLiteral(name)}`)
    .join(' ');
  await client.query('savepoint checks');
  try {
    const { rowCount } = await client.query(
      `with judged as (select stage_row, case ${broken} end as broken from (${sql.stagedAsTarget}) as record),
       refused as (delete from ${sql.stage} as stage using judged where stage.ctid = judged.stage_row and judged.broken is not null
         returning stage._sdc_position, judged.broken)
       insert into ${REFUSED_TABLE} select _sdc_position, '${CHECK_VIOLATION}', null, broken from refused`,
    );
    return rowCount ?? 0;
  } catch (error) {
    // The expression itself fails on some row.
    if (!isBlamable(error)) throw error;
    await client.query('rollback to savepoint checks');
    return 0;
  }
}
