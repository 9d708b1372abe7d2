import { PipelineError } from '@pipeline/protocol';
import type { Bookmark, JsonObject } from '@pipeline/singer';
import { type Extract, lookBack, type ReadContext } from '@pipeline/tap-kit';
import { budgetOf } from '../budget/call-budget.ts';
import { egressOf, megabytes } from '../budget/egress.ts';
import type { Pace } from '../budget/pace.ts';
import type { ChildTable } from '../records/child-rows.ts';
import type { Settings } from '../settings.ts';
import { type TenantState, tenantState, withTenant } from './bookmark.ts';
import { type Tenant, tenantsOf } from './tenants.ts';

export type Context = ReadContext<Settings>;

const MINUTE_MS = 60_000;

/** Under which name streams without a modified date keep when they were read. */
const READ_AT = 'ReadAt';

/** What a read brings of one organisation. */
export interface Brought {
  rows: JsonObject[];
  /** A first read that is interrupted may go on after this page. */
  page?: number;
  hasNext?: boolean;
}

export interface TenantRead {
  tenant: Tenant;
  /** What was modified since, as `If-Modified-Since` wants it. Undefined: everything. */
  modifiedSince: string | undefined;
  firstPage: number;
  /** What changes without a modified date is to be read again. */
  isRefreshDue: boolean;
}

export interface TenantReader {
  stream: string;
  pace: Pace;
  /** Undefined: the stream has no modified date and is read as a whole. */
  replicationKey: string | undefined;
  recordOf: (row: JsonObject, tenant: Tenant) => JsonObject;
  children: readonly ChildTable[];
  rows: (read: TenantRead) => AsyncIterable<Brought>;
  /** What the account or its plan may refuse without being at fault. */
  mayBeRefused?: boolean;
}

interface Plan {
  tenant: Tenant;
  state: TenantState;
  isDue: boolean;
  reason: string;
  /** Undefined: read everything. */
  since: string | undefined;
}

/** Reads a stream of every organisation, each as often as its day of calls allows. The next bookmark is the start of this read, less the look-back:
 *  whatever changes while it runs is read again. */
export async function* readTenants(context: Context, reader: TenantReader): AsyncGenerator<Extract, void> {
  const { stream } = reader;
  const key = reader.replicationKey ?? READ_AT;
  const plans = await plansOf(context, reader, key);
  const isWhole = plans.every(
    ({ isDue, since, state }) => isDue && since === undefined && state.position === undefined,
  );
  const children = reader.children.filter(({ shape }) => context.isSelected(shape.name));
  if (isWhole) {
    for (const name of [stream, ...children.map(({ shape }) => shape.name)]) {
      yield { type: 'deletes', stream: name, rule: { kind: 'absent' } };
    }
  }
  const egress = await egressOf(context);
  let bookmark: Bookmark = context.bookmark ?? {};
  for (const plan of plans) {
    const { tenant, isDue, reason } = plan;
    if (isDue) bookmark = yield* readTenant(context, reader, plan, { bookmark, key, children });
    const { today, isNews } = egress.book(tenant.id, context.startedAt);
    const received = `${megabytes(today)} received today`;
    if (!isDue)
      yield { type: 'notice', stream, code: 'XERO_READ_LATER', message: `${tenant.name}: ${reason}; ${received}` };
    if (isNews)
      yield {
        type: 'notice',
        stream,
        code: 'XERO_EGRESS',
        message: `${tenant.name}: ${received}, for which paid plans charge`,
      };
  }
  if (!isWhole) {
    for (const { shape, parentColumns } of children) {
      yield {
        type: 'deletes',
        stream: shape.name,
        rule: { kind: 'absent-per-parent', parent: stream, columns: parentColumns },
      };
    }
  }
  yield { type: 'checkpoint', bookmark };
}

async function plansOf(context: Context, reader: TenantReader, key: string): Promise<Plan[]> {
  const { bookmark, fullRead, settings, startedAt } = context;
  const budget = await budgetOf(context);
  return (await tenantsOf(context)).map((tenant) => {
    const state = tenantState(bookmark, key, tenant.id, startedAt);
    const due = budget.due(tenant.id, { name: reader.stream, pace: reader.pace }, state.readAt, startedAt);
    const isIncremental = reader.replicationKey !== undefined;
    // A whole read that somebody or the schedule asks for cannot wait; of streams that are always read as a whole that is no special wish.
    const isDue = due.isDue || (isIncremental && (fullRead || state.readTo === undefined));
    const isWanted = isIncremental && !fullRead;
    return {
      tenant,
      state,
      reason: due.reason,
      isDue,
      since: isWanted ? (state.readTo ?? settings.start_date) : undefined,
    };
  });
}

interface Progress {
  bookmark: Bookmark;
  key: string;
  children: readonly ChildTable[];
}

async function* readTenant(
  context: Context,
  reader: TenantReader,
  { tenant, state, since }: Plan,
  { bookmark, key, children }: Progress,
): AsyncGenerator<Extract, Bookmark> {
  const { startedAt, settings } = context;
  const { readTo, position } = state;
  const isResumed = since === undefined && position !== undefined;
  const began = isResumed ? position.startedAt : startedAt;
  const isRefreshDue = isOlder(state.refreshedAt, startedAt, settings.refresh_minutes * MINUTE_MS);
  const read = { tenant, modifiedSince: since && headerTime(since), firstPage: 1, isRefreshDue: false };
  let progress = bookmark;
  try {
    if (isResumed && readTo !== undefined) {
      // A walk that takes days does not keep what is new waiting.
      const news = reader.rows({ ...read, modifiedSince: headerTime(readTo) });
      for await (const { rows } of news) yield* extractsOf(reader, { tenant, rows, children });
    }
    const firstPage = isResumed ? position.page + 1 : 1;
    const pages = reader.rows({ ...read, firstPage, isRefreshDue: isRefreshDue && since !== undefined });
    for await (const { rows, page, hasNext } of pages) {
      yield* extractsOf(reader, { tenant, rows, children });
      if (since !== undefined || page === undefined || hasNext !== true) continue;
      progress = withTenant(bookmark, key, tenant.id, { ...state, position: { startedAt: began, page } });
      yield { type: 'checkpoint', bookmark: progress };
    }
    if (isResumed && readTo === undefined) {
      // What came to be since the walk began may stand on a page that was read before it.
      const news = reader.rows({ ...read, modifiedSince: headerTime(lookBack(began, settings)) });
      for await (const { rows } of news) yield* extractsOf(reader, { tenant, rows, children });
    }
  } catch (error) {
    const refusal = refusalOf(error, reader);
    if (refusal === undefined) throw error;
    yield refusal;
    if (refusal.type === 'incomplete') return progress;
    return withTenant(bookmark, key, tenant.id, { ...state, readAt: startedAt });
  }
  const end = lookBack(began, settings);
  return withTenant(bookmark, key, tenant.id, {
    // Rows that vanished from documents of the first days are taken away by the next read, which brings those documents again.
    readTo: isResumed ? (readTo ?? end) : end,
    readAt: startedAt,
    refreshedAt: isRefreshDue ? startedAt : state.refreshedAt,
  });
}

/** Objects that become records at once: a page of a thousand with all its lines would fill the memory of the tap. */
const OBJECTS_AT_ONCE = 200;

function* extractsOf(
  { stream, recordOf }: TenantReader,
  { tenant, rows, children }: { tenant: Tenant; rows: JsonObject[]; children: readonly ChildTable[] },
): Generator<Extract, void> {
  for (let first = 0; first < rows.length; first += OBJECTS_AT_ONCE) {
    const some = rows.slice(first, first + OBJECTS_AT_ONCE);
    const records = some.map((row) => recordOf(row, tenant));
    yield { type: 'records', stream, records };
    for (const { shape, rowsOf } of children) {
      const found: JsonObject[] = [];
      for (const [place, row] of some.entries()) {
        const parent = records[place];
        if (parent !== undefined) for (const child of rowsOf(parent, row)) found.push(child);
      }
      if (found.length > 0) yield { type: 'records', stream: shape.name, records: found };
    }
  }
}

/** What one organisation refuses concerns neither the others nor, if its plan may refuse it, anybody. */
function refusalOf(
  error: unknown,
  { stream, mayBeRefused }: TenantReader,
): (Extract & { type: 'notice' | 'incomplete' }) | undefined {
  if (!(error instanceof PipelineError) || error.code !== 'SOURCE_FORBIDDEN') return undefined;
  if (mayBeRefused !== true) return { type: 'incomplete', stream, error };
  return { type: 'notice', stream, code: 'XERO_NOT_IN_PLAN', message: error.message };
}

function isOlder(instant: string | undefined, now: string, ms: number): boolean {
  return instant === undefined || Date.parse(now) - Date.parse(instant) >= ms;
}

/** `2020-02-06T12:17:43`: UTC, to the second. */
function headerTime(instant: string): string {
  return new Date(instant).toISOString().slice(0, 19);
}
