import { sql, statement } from '@pipeline/postgres';

const { text, jsonb } = sql;

/** One statement: nobody sees a manifest without its nodes. */
export const upsertManifest = statement({
  name: 'dbt.upsert_manifest',
  text: `with manifest as (
           insert into pipeline.dbt_manifests (manifest_hash) values ($1)
           on conflict (manifest_hash) do update set seen_at = clock_timestamp())
         insert into pipeline.dbt_nodes as node
           (manifest_hash, unique_id, kind, name, description, path, database_schema, relation, parents, compiled_sql, test)
         select $1, n.id, n.kind, n.name, n.description, n.path, n."databaseSchema", n.relation,
                array(select jsonb_array_elements_text(n.parents)), n.sql, n.test
         from jsonb_to_recordset($2::jsonb)
           as n(id text, kind text, name text, description text, path text, "databaseSchema" text, relation text,
                parents jsonb, sql text, test jsonb)
         on conflict (manifest_hash, unique_id) do update set compiled_sql = excluded.compiled_sql
         where excluded.compiled_sql is distinct from node.compiled_sql and excluded.compiled_sql is not null`,
  parameters: { hash: text, nodes: jsonb() },
});
