import {
  allowColumns,
  backfillStream,
  countRows,
  expectationKey,
  listColumns,
  listReads,
  listSchemaChanges,
  listStates,
  listStreamDays,
  operate,
  previewRows,
  readExpectations,
  readSource,
  recordAudit,
  refreshStream,
  refusal,
  requestRunOf,
  resetState,
  type StreamChange,
  setState,
  tableOfStream,
} from '@pipeline/control';
import { StateRequest } from '@pipeline/protocol/api';
import { isJsonObject, parseJson, type State } from '@pipeline/singer';
import { exactRows } from '../../observe/exact-rows.ts';
import { readStreams } from '../../observe/streams.ts';
import type { ApiDeps } from '../deps.ts';
import { idBefore, pageById } from '../http/cursor.ts';
import type { Call, Handlers } from '../http/handler.ts';
import { inTime } from './in-time.ts';
import { fullName, knownPipeline } from './names.ts';
import { familyOf, rootOf } from './pipelines.ts';
import { backfillRefusal, feedsOf } from './stream-facts.ts';

type Names =
  | 'listStreams'
  | 'getStream'
  | 'listColumns'
  | 'listChanges'
  | 'listDays'
  | 'listStates'
  | 'getPreview'
  | 'runStream'
  | 'refreshStream'
  | 'allowColumns'
  | 'backfillStream'
  | 'setState'
  | 'resetState';

const PREVIEW_ROWS = 50;
interface Named {
  source: string;
  stream: string;
}

/** Streams: what is in their tables, and what they are told. */
export function streamHandlers(deps: ApiDeps): Handlers<Names> {
  return { ...readHandlers(deps), ...commandHandlers(deps) };
}

function readHandlers(deps: ApiDeps): Handlers<Exclude<Names, Command>> {
  const { pool } = deps;
  const withExactRows = exactRows(pool);
  return {
    listStreams: async ({ query }) => {
      const all = await withExactRows(await readStreams(deps, { connection: query.source }));
      const text = query.q?.toLowerCase();
      const items = all.filter((item) => {
        if (text !== undefined && !`${item.connection}.${item.stream}`.toLowerCase().includes(text)) return false;
        if (query.state === 'attention')
          return item.isLate || item.openRejected > 0 || (item.outcome !== 'loaded' && item.outcome !== null);
        return query.state !== 'changed' || (item.lastRead?.rows ?? 0) > 0;
      });
      return { items, nextCursor: null, total: items.length };
    },
    getStream: async ({ params }) => {
      const { row, item } = await knownStream(deps, params);
      const root = item.parent ?? item.stream;
      const table = row.tableName === null ? undefined : await tableOfStream(pool, row.databaseSchema, row.stream);
      const counted = table === undefined ? undefined : await countRows(pool, table, row.rows ?? 0);
      const reads = await listReads(pool, { pipeline: item.pipeline, root, stream: item.stream });
      const kind = { pipeline: item.pipeline, stream: root, isFull: row.lastRead?.isFull ?? false };
      const expected = (await readExpectations(pool, [kind])).get(expectationKey(kind));
      const source = await readSource(pool, item.source);
      return {
        ...item,
        ...(counted === undefined ? {} : { rows: counted.rows, isRowsExact: true }),
        schema: row.databaseSchema,
        table: row.tableName,
        keyColumns: table?.keyColumns ?? [],
        replicationKey: row.replicationKey,
        deletedRows: counted?.deleted ?? null,
        endpoint: source?.description.streams.find(({ name }) => name === item.stream)?.endpoint ?? null,
        expectedRows: expected === undefined ? null : Math.round(expected.rows),
        expectedSeconds: expected?.seconds ?? null,
        reads,
        feeds: await feedsOf(deps, row.databaseSchema, row.stream),
        backfillRefusal: backfillRefusal(row.replicationKey, item.bookmark, table?.keyColumns),
      };
    },
    listColumns: async ({ params }) => {
      const table = await knownTable(deps, params);
      const items = await listColumns(pool, table, params.stream);
      return { items, nextCursor: null, total: items.length };
    },
    listChanges: async ({ params, query }) => {
      const { row } = await knownStream(deps, params);
      const page = { before: idBefore(query.cursor), limit: query.limit + 1 };
      return pageById(
        await listSchemaChanges(pool, { schema: row.databaseSchema, stream: row.stream, ...page }),
        query.limit,
      );
    },
    listDays: async ({ params, query }) => {
      const { item } = await knownStream(deps, params);
      return { items: await listStreamDays(pool, { ...item, days: query.days }), nextCursor: null };
    },
    listStates: async ({ params, query }) => {
      const { item } = await knownStream(deps, params);
      const page = { before: idBefore(query.cursor), limit: query.limit + 1 };
      const stream = item.parent ?? item.stream;
      return pageById(await listStates(pool, { pipeline: item.pipeline, stream, ...page }), query.limit);
    },
    getPreview: async ({ params }, { actor }) => {
      const table = await knownTable(deps, params);
      await recordAudit(pool, { actor, action: 'preview', target: `${params.source}/${params.stream}`, details: {} });
      const preview = await inTime(() => previewRows(pool, table, PREVIEW_ROWS));
      return { ...preview, readAt: new Date().toISOString() };
    },
  };
}

type Command = 'runStream' | 'refreshStream' | 'allowColumns' | 'backfillStream' | 'setState' | 'resetState';

function commandHandlers(deps: ApiDeps): Handlers<Command> {
  const { pool, wake } = deps;
  const target = ({ source, stream }: Named, { actor }: Call) => ({ pipeline: fullName(source), stream, actor });
  const woken = <T>(result: T): T => {
    wake();
    return result;
  };
  return {
    runStream: async ({ params }, { actor }) => {
      const { name, streams } = await knownPipeline(pool, params.source);
      const wish = { streams: [rootOf(name, streams, params.stream)], fullRead: false, massDeletes: false };
      const entry = { actor, action: 'request-run', target: `${name}/${params.stream}`, details: {} };
      const at = await operate(pool, entry, (client) => requestRunOf(client, name, wish, actor));
      return woken({
        requestedAt: (at ?? new Date()).toISOString(),
        pipelines: [name],
        message: 'starts when no cycle is live',
      });
    },
    refreshStream: async ({ params, body }, call) =>
      woken(inWords(await refreshStream(pool, target(params, call), body), 'it is read from its beginning')),
    allowColumns: async ({ params }, call) => {
      const { name, streams } = await knownPipeline(pool, params.source);
      const root = familyOf(name, streams, params.stream);
      const allowed = await allowColumns(pool, { pipeline: name, root, actor: call.actor });
      const tables = allowed.map(({ stream, columns }) => `${stream} may have ${columns} columns`).join(', ');
      return woken({ allowed, message: `${tables}: a run is asked for, which starts when no cycle is live` });
    },
    backfillStream: async ({ params, body }, call) =>
      woken(inWords(await backfillStream(pool, target(params, call), body.from), `it is read again from ${body.from}`)),
    setState: async ({ params, body }, call) => {
      const named = target(params, call);
      const state = 'stateId' in body ? await formerState(deps, named, String(body.stateId)) : stateIn(call.rawBody);
      return woken(inWords(await setState(pool, named, state), 'it goes on from this bookmark'));
    },
    resetState: async ({ params, body }, call) => {
      if (body.expected !== undefined && body.expected !== params.stream) {
        throw refusal('EXPECTED_DIFFERS', `to forget the bookmark of ${params.stream}, type its name`);
      }
      return woken(inWords(await resetState(pool, target(params, call)), 'its next read is the first one again'));
    },
  };
}

function inWords(change: StreamChange, what: string) {
  const when = change.restarted
    ? 'the read under way was ended and begins anew'
    : change.requested
      ? 'a run is asked for, which starts when no cycle is live'
      : 'with its next run';
  return { ...change, message: `${what}: ${when}` };
}

/** Parsed from the text, so that every number stays as it was written. */
function stateIn(text: string): State {
  const value = parseJson(text);
  StateRequest.parse(JSON.parse(text));
  if (!isJsonObject(value) || !isJsonObject(value['bookmarks']))
    throw refusal('STATE_INVALID', 'expected {"bookmarks": {"<stream>": {…}}}');
  return value as State;
}

async function formerState(
  { pool }: ApiDeps,
  { pipeline, stream }: { pipeline: string; stream: string },
  id: string,
): Promise<State> {
  const states = await listStates(pool, { pipeline, stream, before: null, limit: 500 });
  const found = states.find((state) => state.id === id);
  if (found === undefined) throw refusal('UNKNOWN_STATE', `${stream} has no former bookmark ${id}`);
  return stateIn(found.value);
}

async function knownStream(deps: ApiDeps, { source, stream }: Named) {
  const { connection, name, streams } = await knownPipeline(deps.pool, source);
  const [found] = await readStreams(deps, { connection, stream });
  if (found !== undefined) return found;
  throw refusal(
    'UNKNOWN_STREAM',
    `${name} reads no stream ${stream}; it reads ${streams.map((known) => known.name).join(', ')}`,
  );
}

async function knownTable(deps: ApiDeps, named: Named) {
  const { row } = await knownStream(deps, named);
  const table = await tableOfStream(deps.pool, row.databaseSchema, row.stream);
  if (table === undefined)
    throw refusal('NO_TABLE', `${named.source}.${named.stream} has no table yet: it was never loaded`);
  return table;
}
