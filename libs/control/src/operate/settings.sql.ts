import { sql, statement } from '@pipeline/postgres';

const { text, timestamptz } = sql;

export const selectSettings = statement({
  name: 'setting.select_settings',
  text: 'select name, value, set_at as "setAt", set_by as "setBy" from pipeline.settings order by name',
  row: { name: text, value: text, setAt: timestamptz, setBy: text },
});

export const deleteSetting = statement({
  name: 'setting.delete_setting',
  text: 'delete from pipeline.settings where name = $1',
  parameters: { name: text },
});

export const upsertSetting = statement({
  name: 'setting.upsert_setting',
  text: `insert into pipeline.settings (name, value, set_by) values ($1, $2, $3)
         on conflict (name) do update set value = excluded.value, set_by = excluded.set_by, set_at = clock_timestamp()`,
  parameters: { name: text, value: text, by: text },
});
