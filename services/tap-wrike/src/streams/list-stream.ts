import { column, type JsonObject, type JsonSchema, objectSchema } from '@pipeline/singer';
import { defineStream, type Stream, type StreamAbout } from '@pipeline/tap-kit';
import { AcceptedQuery } from '../reading/accepted-query.ts';
import { getPage, type Query } from '../reading/page.ts';
import { followTokens } from '../reading/same-second.ts';
import type { Settings } from '../settings.ts';
import { type Bridge, bridgeRecords, childDeletes, shapeOf } from './bridge.ts';
import { refusedNotice } from './refused.ts';

interface ListStream {
  name: string;
  path: string;
  /** Columns besides the id. */
  columns: Record<string, JsonSchema>;
  kind?: string;
  query?: Query;
  optionalFields?: readonly string[];
  bridges?: readonly Bridge[];
  /** @default nextPageToken */
  tokenParameter?: string;
  isSelectedByDefault?: boolean;
  about: Omit<StreamAbout, 'endpoint'>;
}

/** A stream that one response holds, or a few: read completely each time, so what does not come is gone. */
export function listStream(list: ListStream): Stream<Settings> {
  const {
    name,
    path,
    columns,
    kind,
    query = {},
    optionalFields = [],
    bridges = [],
    tokenParameter = 'nextPageToken',
  } = list;
  return defineStream<Settings>({
    name,
    keyProperties: ['id'],
    replication: { method: 'FULL_TABLE' },
    schema: objectSchema({ id: column.key, ...columns }),
    ...(list.isSelectedByDefault !== undefined && { isSelectedByDefault: list.isSelectedByDefault }),
    about: { endpoint: `GET ${path}`, deletes: 'absent from the next read', requestsIdle: 1, ...list.about },
    children: bridges.map(shapeOf),
    read: async function* ({ http, isSelected }) {
      const wanted = bridges.filter((bridge) => isSelected(bridge.name));
      yield { type: 'deletes', stream: name, rule: { kind: 'absent' } };
      yield* childDeletes(name, wanted, true);
      const accepted = new AcceptedQuery({ optionalFields, core: [] });
      const pages = followTokens(
        (paging) =>
          accepted.ask({ ...query, ...paging }, (asked) =>
            getPage(http, path, asked, kind === undefined ? {} : { kind }),
          ),
        {},
        { tokenParameter, list: path },
      );
      const seen = new Set<JsonObject[string]>();
      for await (const { rows } of pages) {
        const fresh = rows.filter(({ id }) => !seen.has(id));
        for (const { id } of fresh) seen.add(id);
        yield { type: 'records', stream: name, records: fresh };
        yield* bridgeRecords(wanted, fresh);
      }
      yield* refusedNotice(name, accepted);
    },
  });
}
