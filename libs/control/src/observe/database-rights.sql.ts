import { sql, statement } from '@pipeline/postgres';

const { text, bool, timestamptz } = sql;

/** What the services need of a database, whether or not they have ever started there. */
export const selectDatabaseRights = statement({
  name: 'observe.database_rights',
  text: `select current_setting('server_version') as version, current_user::text as user, clock_timestamp() as now,
                has_database_privilege(current_database(), 'CREATE') as "mayCreate",
                current_setting('synchronous_commit') <> 'off' and current_setting('fsync') = 'on' as "isDurable",
                to_regnamespace('pipeline') is not null as "hasControl",
                coalesce((select has_schema_privilege(n.oid, 'CREATE') from pg_namespace n where n.nspname = 'pipeline'), false) as "mayChangeControl"`,
  row: {
    version: text,
    user: text,
    now: timestamptz,
    mayCreate: bool,
    isDurable: bool,
    hasControl: bool,
    mayChangeControl: bool,
  },
});
