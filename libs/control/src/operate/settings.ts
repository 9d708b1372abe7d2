import type { Queryable, RowOf } from '@pipeline/postgres';
import * as statements from './settings.sql.ts';

export type StoredSetting = RowOf<typeof statements.selectSettings>;

/** What was set on the page. */
export async function listStoredSettings(db: Queryable): Promise<StoredSetting[]> {
  return statements.selectSettings.all(db);
}

/** Sets a value; null goes back to the default. */
export async function storeSetting(db: Queryable, name: string, value: string | null, by: string): Promise<void> {
  if (value === null) {
    await statements.deleteSetting.run(db, { name });
    return;
  }
  await statements.upsertSetting.run(db, { name, value, by });
}
