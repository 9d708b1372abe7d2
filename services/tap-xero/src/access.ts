import { type DiscoverContext, type HttpRequest, isRefusal, type StreamAccess } from '@pipeline/tap-kit';
import { budgetOf } from './budget/call-budget.ts';
import { type Tenant, tenantsOf } from './reading/tenants.ts';
import type { Settings } from './settings.ts';
import { streams } from './streams.ts';

/** Lists that can be asked for one row. */
const PAGED = /\/(?:Contacts|Invoices|Payments|BankTransactions|ManualJournals)$/;

/** Xero looks at the scope before it looks for the object: it finds none, which is proof enough. */
const NO_OBJECT = '00000000-0000-0000-0000-000000000000';

/** What each stream may read, in every organisation. Streams that need the same scope share one call: about a dozen for each organisation. */
export async function streamAccess(context: DiscoverContext<Settings>): Promise<StreamAccess[]> {
  const tenants = await tenantsOf(context);
  const reasons = new Map<string, string | undefined>();
  const found: StreamAccess[] = [];
  for (const { name, about, children = [] } of streams) {
    const scopes = about?.scopes?.join() ?? '';
    if (scopes !== '' && !reasons.has(scopes)) {
      reasons.set(scopes, await refusals(context, tenants, about?.endpoint ?? ''));
    }
    const refused = reasons.get(scopes);
    const reason = refused === undefined ? undefined : `${refused}. It needs ${scopes.replaceAll('|', ' or ')}`;
    for (const stream of [name, ...children.map((child) => child.name)]) {
      found.push(reason === undefined ? { stream, isReadable: true } : { stream, isReadable: false, reason });
    }
  }
  return found;
}

/** What organisations say against this endpoint. Undefined: nothing. */
async function refusals(
  context: DiscoverContext<Settings>,
  tenants: readonly Tenant[],
  endpoint: string,
): Promise<string | undefined> {
  const reasons: string[] = [];
  for (const tenant of tenants) {
    const reason = await refusal(context, tenant, requestOf(endpoint));
    if (reason !== undefined) reasons.push(`${tenant.name}: ${reason}`);
  }
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

/** @throws PipelineError what says nothing of the stream: a source that is away, a day that is used up */
async function refusal(
  context: DiscoverContext<Settings>,
  tenant: Tenant,
  request: HttpRequest,
): Promise<string | undefined> {
  try {
    const response = await context.http.response({ ...request, headers: tenant.headers });
    (await budgetOf(context)).learn(tenant.id, response);
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { status } = error.context;
    // Of an object that is not there, or a report without its parameters, Xero speaks only to those who may read it.
    return status === 400 || status === 404 ? undefined : error.message;
  }
}

/** `GET /api.xro/2.0/Invoices` */
function requestOf(endpoint: string): HttpRequest {
  const path = endpoint.replace('GET /', '').replace('{document}', 'Invoices').replace('{id}', NO_OBJECT);
  return PAGED.test(path) ? { path, query: { page: 1, pageSize: 1 } } : { path };
}
