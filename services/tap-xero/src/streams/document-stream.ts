import { column, type JsonObject, type JsonSchema, objectSchema } from '@pipeline/singer';
import { defineStream, type Stream } from '@pipeline/tap-kit';
import type { Pace } from '../budget/pace.ts';
import { fetchList, type ListRequest } from '../reading/list.ts';
import { type PagedList, readPages } from '../reading/pages.ts';
import { type Brought, type Context, readTenants, type TenantRead } from '../reading/read-tenants.ts';
import type { ChildTable } from '../records/child-rows.ts';
import { addTo, type References } from '../records/record.ts';
import type { Settings } from '../settings.ts';

/** Objects of one endpoint and their child tables. */
export interface DocumentForm {
  stream: string;
  /** `Invoices`: path and name of the list. */
  name: string;
  listName?: string;
  /** The property that identifies an object within its organisation. */
  id: string;
  columns: Record<string, JsonSchema>;
  pace: Pace;
  /** `pages`: in pages; `whole`: all at once, whatever the page. */
  paging: 'pages' | 'whole';
  page?: Pick<PagedList, 'hasPageSize' | 'hasOrder'>;
  query?: ListRequest['query'];
  /** What the endpoint filters by (`If-Modified-Since`). Undefined: read as a whole each time. */
  replicationKey?: string;
  /** Which objects change without a new modified date: read again every `refresh_minutes`. */
  refresh?: { query?: ListRequest['query'] };
  references?: References;
  /** Properties that are left out or become child tables. */
  without?: string[];
  children?: ChildTable[];
  /** Lists leave properties out that single objects have: each object is asked for by its id. */
  isAskedSingly?: boolean;
  scopes: string[];
  deletes?: string;
}

/** The stream of an endpoint. */
export function documentStream(form: DocumentForm): Stream<Settings> {
  const { stream, id, children = [] } = form;
  const recordForm = { without: new Set(form.without ?? []), ...(form.references && { references: form.references }) };
  const recordOf = (row: JsonObject, { id: TenantID }: { id: string }) => addTo({ TenantID }, row, recordForm);
  return defineStream<Settings>({
    name: stream,
    keyProperties: ['TenantID', id],
    replication:
      form.replicationKey === undefined
        ? { method: 'FULL_TABLE' }
        : { method: 'INCREMENTAL', key: form.replicationKey },
    schema: objectSchema({ TenantID: column.key, [id]: column.key, ...form.columns }),
    children: children.map(({ shape }) => shape),
    about: {
      endpoint: `GET /api.xro/2.0/${form.name}`,
      scopes: form.scopes,
      deletes: form.deletes ?? 'kept by Xero, with their status',
      requestsIdle: 1,
    },
    read: (context) =>
      readTenants(context, {
        stream,
        pace: form.pace,
        replicationKey: form.replicationKey,
        recordOf,
        children,
        rows: (read) => rowsOf(context, form, read),
      }),
  });
}

async function* rowsOf(context: Context, form: DocumentForm, read: TenantRead): AsyncGenerator<Brought, void> {
  yield* form.paging === 'pages' ? pagesOf(context, form, read) : wholeOf(context, form, read);
}

async function* pagesOf(context: Context, form: DocumentForm, read: TenantRead): AsyncGenerator<Brought, void> {
  const { tenant, modifiedSince, firstPage } = read;
  const list: PagedList = { name: form.name, id: form.id, ...form.page, ...(form.query && { query: form.query }) };
  yield* readPages(context, { tenant, list, modifiedSince, firstPage });
  if (form.refresh === undefined || !read.isRefreshDue) return;
  const again = { ...list, query: { ...form.query, ...form.refresh.query } };
  for await (const { rows } of readPages(context, { tenant, list: again, modifiedSince: undefined })) yield { rows };
}

async function* wholeOf(
  context: Context,
  form: DocumentForm,
  { tenant, modifiedSince, isRefreshDue }: TenantRead,
): AsyncGenerator<Brought, void> {
  const { name: path, listName = path, query = {} } = form;
  const since = form.refresh !== undefined && isRefreshDue ? undefined : modifiedSince;
  const { rows } = await fetchList(context, tenant, { path, listName, query, modifiedSince: since });
  if (form.isAskedSingly !== true) return yield { rows };
  for (const row of rows) {
    const single = await fetchList(context, tenant, { path: `${path}/${row[form.id]}`, listName, query });
    yield { rows: single.rows };
  }
}
