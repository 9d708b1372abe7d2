import { column, type JsonSchema, objectSchema } from '@pipeline/singer';
import { defineStream, type Stream, type StreamAbout } from '@pipeline/tap-kit';
import { AcceptedQuery } from '../reading/accepted-query.ts';
import { firstSecond } from '../reading/account.ts';
import { secondOf } from '../reading/instant.ts';
import { getPage, type Query } from '../reading/page.ts';
import { instantIn, nextStart } from '../reading/read-plan.ts';
import { readInWindows } from '../reading/windows.ts';
import type { Settings } from '../settings.ts';
import { type Bridge, bridgeRecords, childDeletes, shapeOf } from './bridge.ts';
import { hiddenNotice, refusedNotice } from './refused.ts';

/** The last window reaches so far beyond the start of the read: what is updated while we read moves there, and is not missed. */
const BEYOND_SECONDS = 3_600;

interface WindowStream {
  name: string;
  path: string;
  kind: string;
  columns: Record<string, JsonSchema>;
  /** The filter that cuts the windows, and the replication key. */
  filter: 'updatedDate' | 'createdDate' | 'eventDate';
  /** The longest range that the endpoint takes, in seconds. */
  widthMax?: number;
  size?: Query;
  query?: Query;
  bridges?: readonly Bridge[];
  /** Entries of a log are never removed. @default true */
  canVanish?: boolean;
  isSelectedByDefault?: boolean;
  about: Omit<StreamAbout, 'endpoint'>;
}

/** A stream that is read in windows of time, each within the range that its endpoint takes. */
export function windowStream(options: WindowStream): Stream<Settings> {
  const { name, path, kind, columns, filter, widthMax, size, query = {}, bridges = [], canVanish = true } = options;
  return defineStream<Settings>({
    name,
    keyProperties: ['id'],
    replication: { method: 'INCREMENTAL', key: filter },
    schema: objectSchema({ id: column.key, ...columns }),
    ...(options.isSelectedByDefault !== undefined && { isSelectedByDefault: options.isSelectedByDefault }),
    about: { endpoint: `GET ${path}`, requestsIdle: 1, ...options.about },
    children: bridges.map(shapeOf),
    read: async function* (context) {
      const { http, bookmark, startedAt, isSelected } = context;
      const since = instantIn(bookmark, filter);
      const isFull = since === undefined || (context.fullRead && canVanish);
      const wanted = bridges.filter((bridge) => isSelected(bridge.name));
      if (isFull && canVanish) yield { type: 'deletes', stream: name, rule: { kind: 'absent' } };
      yield* childDeletes(name, wanted, isFull);
      const accepted = new AcceptedQuery({ core: [filter] });
      let isHidden = false;
      const pages = readInWindows(
        (paging) => accepted.ask({ ...query, ...paging }, (asked) => getPage(http, path, asked, { kind })),
        {
          filter,
          start: isFull ? await firstSecond(context) : since,
          end: secondOf(startedAt) + BEYOND_SECONDS,
          ...(widthMax !== undefined && { widthMax }),
          ...(size !== undefined && { size }),
          onHidden: () => {
            isHidden = true;
          },
        },
      );
      for await (const rows of pages) {
        if (rows.length === 0) continue;
        yield { type: 'records', stream: name, records: rows };
        yield* bridgeRecords(wanted, rows);
      }
      yield* refusedNotice(name, accepted);
      yield* hiddenNotice(name, isHidden);
      yield { type: 'checkpoint', bookmark: { [filter]: nextStart(context) } };
    },
  });
}
