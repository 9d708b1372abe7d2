import type { Queryable } from '@pipeline/postgres';

export interface StoredSetting {
  name: string;
  value: string;
  setAt: Date;
  setBy: string;
}

/** What was set on the page. */
export async function listStoredSettings(db: Queryable): Promise<StoredSetting[]> {
  const { rows } = await db.query<StoredSetting>(
    'select name, value, set_at as "setAt", set_by as "setBy" from pipeline.settings order by name',
  );
  return rows;
}

/** Sets a value; null goes back to the default. */
export async function storeSetting(db: Queryable, name: string, value: string | null, by: string): Promise<void> {
  if (value === null) {
    await db.query('delete from pipeline.settings where name = $1', [name]);
    return;
  }
  await db.query(
    `insert into pipeline.settings (name, value, set_by) values ($1, $2, $3)
     on conflict (name) do update set value = excluded.value, set_by = excluded.set_by, set_at = clock_timestamp()`,
    [name, value, by],
  );
}
