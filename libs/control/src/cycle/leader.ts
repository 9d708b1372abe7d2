import type { Pool } from '@pipeline/postgres';

/** Without renewal another replica takes over after this long, in milliseconds. */
export const LEADER_LEASE_MS = 15_000;

/** Takes or keeps the lead. It only spares idle replicas their work: what two leaders would decide at the same time is
 *  decided once by unique indexes and row locks. */
export async function holdLead(
  pool: Pool,
  name: string,
  holder: string,
  leaseMs: number = LEADER_LEASE_MS,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into pipeline.leaders as leader (name, holder, lease_until)
     values ($1, $2, clock_timestamp() + make_interval(secs => $3))
     on conflict (name) do update set holder = excluded.holder, lease_until = excluded.lease_until
     where leader.holder = excluded.holder or leader.lease_until < clock_timestamp()`,
    [name, holder, leaseMs / 1000],
  );
  return rowCount === 1;
}

/** Lets another replica lead at once. */
export async function resignLead(pool: Pool, name: string, holder: string): Promise<void> {
  await pool.query('delete from pipeline.leaders where name = $1 and holder = $2', [name, holder]);
}
