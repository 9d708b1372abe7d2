import { column, objectSchema } from '@pipeline/singer';
import { defineStream, type HttpClient } from '@pipeline/tap-kit';
import { AcceptedQuery } from '../reading/accepted-query.ts';
import { rangeFilter, type Seconds } from '../reading/instant.ts';
import { type GetPage, getPage } from '../reading/page.ts';
import { planRead } from '../reading/read-plan.ts';
import { OLDEST, readInWindows } from '../reading/windows.ts';
import type { Settings } from '../settings.ts';
import { goneRecords } from './gone.ts';
import { hiddenNotice, refusedNotice } from './refused.ts';

const OPTIONAL_FIELDS = ['billingType', 'approvalStatus', 'lockStatus', 'exportStatus', 'finance'];
const CORE = ['createdDate', 'updatedDate'];
/** Rows that a first load reads by page tokens in one go: their ids are remembered until their number is proven. */
const LONG_ROWS_MAX = 100_000;
/** Another text when rows get fields that unchanged ones must show too: then everything is read once. */
const SHAPE = 'approvalStatus lockStatus exportStatus finance';

/** A deleted time log vanishes without a trace: only the count of {@link planRead} and a full read tell. */
export const timelogs = defineStream<Settings>({
  name: 'timelogs',
  keyProperties: ['id'],
  replication: { method: 'INCREMENTAL', key: 'updatedDate' },
  schema: objectSchema({
    id: column.key,
    taskId: column.string,
    userId: column.string,
    categoryId: column.string,
    billingType: column.string,
    approvalStatus: column.string,
    lockStatus: column.string,
    exportStatus: column.string,
    finance: column.object,
    hours: column.number,
    createdDate: column.dateTime,
    updatedDate: column.dateTime,
    trackedDate: column.date,
    comment: column.string,
    _sdc_deleted_at: column.dateTime,
  }),
  about: {
    endpoint: 'GET /timelogs',
    scopes: ['Default|wsReadOnly'],
    deletes: 'a count, each read; a full read when it falls short, and daily',
    requestsIdle: 3,
  },
  read: async function* (context) {
    const { http } = context;
    const accepted = new AcceptedQuery({ optionalFields: OPTIONAL_FIELDS, core: CORE });
    const pages = timelogPages(http, accepted);
    const count = async (end: Seconds) =>
      (await pages({ createdDate: rangeFilter({ end }), pageSize: 1 })).total ?? 'unknown';
    const plan = await planRead(context, count, SHAPE);
    const { isFull, updatedSince, createdBefore } = plan;
    if (isFull) yield { type: 'deletes', stream: 'timelogs', rule: { kind: 'absent' } };
    const updatedDate = updatedSince === undefined ? undefined : rangeFilter({ start: updatedSince });
    let isHidden = false;
    const rows = readInWindows((query) => pages({ updatedDate, ...query }), {
      filter: 'createdDate',
      start: OLDEST,
      end: createdBefore,
      // Elsewhere the parameter is called nextPageToken.
      tokenParameter: 'pageToken',
      // With a lower bound of their update, rows join the older ones as they are changed.
      ...(updatedDate === undefined && { rowsMax: LONG_ROWS_MAX }),
      onHidden: () => {
        isHidden = true;
      },
    });
    for await (const records of rows) {
      plan.note(records);
      yield { type: 'records', stream: 'timelogs', records };
    }
    yield* goneRecords('timelogs', plan, context);
    yield* refusedNotice('timelogs', accepted);
    yield* hiddenNotice('timelogs', isHidden);
    yield { type: 'checkpoint', bookmark: plan.bookmark() };
  },
});

function timelogPages(http: HttpClient, accepted: AcceptedQuery): GetPage {
  return (query) =>
    accepted.ask({ plainText: true, ...query }, (asked) => getPage(http, '/timelogs', asked, { kind: 'timelogs' }));
}
