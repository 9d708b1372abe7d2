import {
  discardDeadLetter,
  type GroupRow,
  listDeadLetterRows,
  listRejectedGroups,
  listRejectedRows,
  lockGroup,
  moveOpenRejected,
  operate,
  readCurrentRow,
  readDeadLetterRow,
  readRejectedRow,
  recordAudit,
  refusal,
  replayDeadLetter,
  skipDeadLetter,
} from '@pipeline/control';
import { quoteIdent } from '@pipeline/postgres';
import type { RejectedGroup } from '@pipeline/protocol/api';
import { formatCount } from '@pipeline/protocol/format';
import type { ApiDeps } from '../deps.ts';
import { fromCursor, idBefore, NUMBER, pageById, toCursor, toPage } from '../http/cursor.ts';
import type { Call, Handlers } from '../http/handler.ts';
import { describeDeadLetter, messageOf } from './dead-letter.ts';

type Rejected = 'listRejected' | 'listRejectedGroups' | 'getRejected' | 'replayRejected' | 'discardRejected';
type Dead = 'listDeadLetters' | 'getDeadLetter' | 'replayDeadLetter' | 'skipDeadLetter' | 'discardDeadLetter';

const PUBLISH_TIMEOUT_MS = 10_000;
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const GROUP_ID = /^[0-9a-f]{16}$/;

/** Records that were set aside. */
export function rejectedHandlers({ pool, wake }: Pick<ApiDeps, 'pool' | 'wake'>): Handlers<Rejected> {
  const close = async (
    body: { ids: string[]; expected?: number | undefined } | { group: string; newestOnly: boolean; expected: number },
    { actor }: Call,
    { action, status, verb }: { action: string; status: 'replaying' | 'discarded'; verb: string },
  ) => {
    const details = 'ids' in body ? { ids: body.ids } : { group: body.group, newestOnly: body.newestOnly };
    const result = await operate(pool, { actor, action, target: 'rejected_records', details }, async (client) => {
      const ids = 'ids' in body ? body.ids : await lockGroup(client, body.group, body.newestOnly);
      if (body.expected !== undefined && body.expected !== ids.length) {
        throw refusal('EXPECTED_DIFFERS', `there are ${ids.length} records by now, not ${body.expected}`);
      }
      return { ids, taken: await moveOpenRejected(client, ids, status) };
    });
    wake();
    const taken = new Set(result.taken);
    return {
      taken: taken.size,
      notOpen: result.ids.filter((id) => !taken.has(id)),
      message: `${formatCount(taken.size, 'record')} ${taken.size === 1 ? 'is' : 'are'} ${verb}`,
    };
  };
  return {
    listRejected: async ({ query }, { caller }) => {
      const { limit, cursor, ...filter } = query;
      const rows = await listRejectedRows(pool, { ...filter, before: idBefore(cursor), limit: limit + 1 });
      const mayReadKeys = caller !== undefined && caller.role !== 'viewer';
      return pageById(
        rows.map((row) => ({ ...row, key: mayReadKeys ? row.key : null })),
        limit,
      );
    },
    listRejectedGroups: async ({ query }) => {
      const groups = (await listRejectedGroups(pool, query.connection ?? null)).map(describeGroup).toSorted(byPlace);
      const last = fromCursor(query.cursor, [NUMBER, INSTANT, GROUP_ID]);
      const rest = last === undefined ? groups : groups.filter((group) => byPlace(group, placed(last)) > 0);
      return { ...toPage(rest, query.limit, (group) => toCursor(...placeOf(group))), total: groups.length };
    },
    getRejected: async ({ params }, { actor }) => {
      const row = await readRejectedRow(pool, params.id);
      if (row === undefined) throw refusal('UNKNOWN_RECORD', `there is no rejected record ${params.id}`);
      await recordAudit(pool, { actor, action: 'read-record', target: params.id, details: { stream: row.stream } });
      return { ...row, current: await readCurrentRow(pool, params.id) };
    },
    replayRejected: ({ body }, call) =>
      close(body, call, {
        action: 'replay-rejected',
        status: 'replaying',
        verb: 'asked to be loaded; a loader does it within seconds',
      }),
    discardRejected: ({ body }, call) =>
      close(body, call, { action: 'discard-rejected', status: 'discarded', verb: 'closed without being loaded' }),
  };
}

/** Messages that nobody could handle. */
export function deadLetterHandlers({
  pool,
  publisher,
  wake,
}: Pick<ApiDeps, 'pool' | 'publisher' | 'wake'>): Handlers<Dead> {
  return {
    listDeadLetters: async ({ query }) => {
      const rows = await listDeadLetterRows(pool, {
        status: query.status,
        before: idBefore(query.cursor),
        limit: query.limit + 1,
      });
      return pageById(rows.map(describeDeadLetter), query.limit);
    },
    getDeadLetter: async ({ params }) => {
      const row = await readDeadLetterRow(pool, params.id);
      if (row === undefined) throw refusal('UNKNOWN_DEAD_LETTER', `there is no dead letter ${params.id}`);
      return describeDeadLetter(row);
    },
    replayDeadLetter: async ({ params }, { actor }) => {
      const outcome = await replayDeadLetter(pool, { id: params.id, actor }, (letter) =>
        publisher.publish(messageOf(letter, params.id), { signal: AbortSignal.timeout(PUBLISH_TIMEOUT_MS) }),
      );
      wake();
      return { id: params.id, outcome, rowsGivenUp: null };
    },
    skipDeadLetter: async ({ params }, { actor }) => {
      const { rows } = await skipDeadLetter(pool, { id: params.id, actor });
      wake();
      return { id: params.id, outcome: 'skipped', rowsGivenUp: rows };
    },
    discardDeadLetter: async ({ params }, { actor }) => {
      await discardDeadLetter(pool, { id: params.id, actor });
      return { id: params.id, outcome: 'discarded', rowsGivenUp: null };
    },
  };
}

/** Where a group stands in the list: most records first, then the oldest. */
const placeOf = ({ count, since, id }: RejectedGroup): [string, string, string] => [String(count), since, id];

const placed = ([count = '', since = '', id = '']: string[]): Place => ({ count: Number(count), since, id });

type Place = Pick<RejectedGroup, 'count' | 'since' | 'id'>;

function byPlace(one: Place, other: Place): number {
  return other.count - one.count || compare(one.since, other.since) || compare(one.id, other.id);
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function describeGroup(row: GroupRow): RejectedGroup {
  const { databaseSchema, tableName, definition, ...group } = row;
  const table = tableName === null ? null : `${databaseSchema}.${tableName}`;
  if (group.constraint !== null && table !== null && tableName !== null && definition !== null) {
    const sql = `alter table ${quoteIdent(databaseSchema)}.${quoteIdent(tableName)} drop constraint ${quoteIdent(group.constraint)};`;
    const cause = `The table has the rule ${definition}, which the loader did not make.`;
    return {
      ...group,
      cause,
      remedy: 'Change or drop it, then retry the newest record of each key; older ones are superseded.',
      sql,
    };
  }
  const where = group.column === null ? '' : ` in ${group.column}`;
  return {
    ...group,
    cause: `${group.reason}${where}.`,
    remedy:
      table === null
        ? 'Mend it in the source, then read the stream again.'
        : `Mend it in the source or in ${table}, then retry them.`,
    sql: null,
  };
}
