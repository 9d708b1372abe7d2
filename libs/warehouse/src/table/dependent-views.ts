import { type PoolClient, quoteIdent, quoteLiteral } from '@pipeline/postgres';
import { PipelineError } from '@pipeline/protocol';

/** A view that was taken away so that a column under it can change its type, with all it takes to put it back. */
interface SavedView {
  name: string;
  kind: 'v' | 'm';
  definition: string;
  owner: string;
  options: string[] | null;
  comment: string | null;
  columnComments: { column: string; comment: string }[];
  /** Also of single columns. */
  grants: { privilege: string; column: string | null; grantee: string | null; isGrantable: boolean }[];
  /** A materialised view may be without data. */
  isPopulated: boolean;
  /** Definitions of indexes and triggers. */
  attachments: string[];
}

/** Runs `change` without the views (dbt's, mostly) that read a column, and puts them back as they were: same definition, options, owner, grants, comments, data or none. All in
 *  the caller's transaction, so nobody sees them missing.
 *  @returns names of the views.
 *  @throws PipelineError `VIEW_BLOCKS_CHANGE` when a view has no meaning after the change. */
export async function withoutViews(
  client: PoolClient,
  table: string,
  column: string,
  change: () => Promise<void>,
): Promise<string[]> {
  // Whoever makes a view on the table holds a lock on it: from now on the views are those that everybody sees.
  await client.query(`lock table ${table} in access exclusive mode`);
  const views = await saveViews(client, table, column);
  for (const view of views.toReversed()) await client.query(`drop ${viewKind(view)} ${view.name}`);
  await change();
  for (const view of views) await restore(client, view, table, column);
  return views.map((view) => view.name);
}

/** Views that read the column, directly or through other views, lowest first. */
async function saveViews(client: PoolClient, table: string, column: string): Promise<SavedView[]> {
  const { rows } = await client.query<SavedView>(
    `with recursive dependent (oid, depth) as (
       select r.ev_class, 1 from pg_depend d
       join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
       join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
       where d.refclassid = 'pg_class'::regclass and d.refobjid = $1::regclass and a.attname = $2 and r.ev_class <> d.refobjid
       union
       select r.ev_class, dependent.depth + 1 from dependent
       join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = dependent.oid
       join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
       where r.ev_class <> dependent.oid
     ), ordered as (select oid, max(depth) as depth from dependent group by oid)
     select c.oid::regclass::text as name, c.relkind as kind, pg_get_viewdef(c.oid) as definition,
       quote_ident(pg_get_userbyid(c.relowner)) as owner, c.reloptions as options, obj_description(c.oid, 'pg_class') as comment,
       coalesce((select json_agg(json_build_object('column', quote_ident(a.attname), 'comment', s.description))
                 from pg_description s join pg_attribute a on a.attrelid = s.objoid and a.attnum = s.objsubid
                 where s.classoid = 'pg_class'::regclass and s.objoid = c.oid and s.objsubid > 0), '[]') as "columnComments",
       c.relispopulated as "isPopulated",
       coalesce((select json_agg(json_build_object('privilege', g.privilege_type, 'isGrantable', g.is_grantable, 'column', g.column,
                   'grantee', case when g.grantee <> 0 then quote_ident(pg_get_userbyid(g.grantee)) end))
                 from (select null as column, r.* from aclexplode(c.relacl) r
                       union all select quote_ident(a.attname), r.* from pg_attribute a cross join aclexplode(a.attacl) r
                       where a.attrelid = c.oid and a.attnum > 0) g where g.grantee <> c.relowner), '[]') as grants,
       array(select pg_get_indexdef(i.indexrelid) from pg_index i where i.indrelid = c.oid)
         || array(select pg_get_triggerdef(t.oid) from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) as attachments
     from ordered join pg_class c using (oid) order by ordered.depth, c.oid`,
    [table, column],
  );
  return rows;
}

async function restore(client: PoolClient, view: SavedView, table: string, column: string): Promise<void> {
  const options = view.options === null ? '' : ` with (${view.options.join(', ')})`;
  const definition = view.definition.trim().replace(/;$/, '');
  try {
    await client.query(
      `create ${viewKind(view)} ${view.name}${options} as ${definition}${view.isPopulated ? '' : ' with no data'}`,
    );
  } catch (cause) {
    throw blocked(view.name, table, column, cause);
  }
  for (const attachment of view.attachments) await client.query(attachment);
  for (const { privilege, column, grantee, isGrantable } of view.grants) {
    const option = isGrantable ? ' with grant option' : '';
    const columns = column === null ? '' : ` (${column})`;
    await client.query(`grant ${privilege}${columns} on ${view.name} to ${grantee ?? 'public'}${option}`);
  }
  if (view.comment !== null) {
    await client.query(`comment on ${viewKind(view)} ${view.name} is ${quoteLiteral(view.comment)}`);
  }
  for (const comment of view.columnComments) {
    await client.query(`comment on column ${view.name}.${comment.column} is ${quoteLiteral(comment.comment)}`);
  }
  await client.query(`alter ${viewKind(view)} ${view.name} owner to ${view.owner}`);
}

function viewKind(view: SavedView): string {
  return view.kind === 'm' ? 'materialized view' : 'view';
}

function blocked(view: string, table: string, column: string, cause: unknown): PipelineError {
  return new PipelineError({
    code: 'VIEW_BLOCKS_CHANGE',
    recovery: 'fix-config',
    message:
      `the view ${view} does not work any more when column ${quoteIdent(column)} of ${table} gets its wider type: ` +
      'drop the view, let the stream load, and create it again with a cast (dbt does so on its next run)',
    context: { view, column },
    cause,
  });
}
