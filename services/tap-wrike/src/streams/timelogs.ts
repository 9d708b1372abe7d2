import { column, objectSchema } from '@pipeline/singer';
import { defineStream, type HttpClient } from '@pipeline/tap-kit';
import { AcceptedFields } from '../accepted-fields.ts';
import { readInCreatedWindows } from '../created-windows.ts';
import { rangeFilter, type Seconds } from '../instant.ts';
import { type GetPage, getPage } from '../page.ts';
import { planRead } from '../read-plan.ts';
import type { Settings } from '../settings.ts';

/** Elsewhere the parameter is called `nextPageToken`. */
const TOKEN_PARAMETER = 'pageToken';

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
    hours: column.number,
    createdDate: column.dateTime,
    updatedDate: column.dateTime,
    trackedDate: column.date,
    comment: column.string,
  }),
  read: async function* (context) {
    const { http } = context;
    const count = async (end: Seconds): Promise<number | undefined> => {
      return (await getPage(http, '/timelogs', { createdDate: rangeFilter({ end }), pageSize: 1 })).total;
    };
    const { updatedSince, createdBefore, bookmark } = await planRead(context, count);
    if (updatedSince === undefined) yield { type: 'deletes', stream: 'timelogs', rule: { kind: 'absent' } };
    const pages = timelogPages(http, updatedSince);
    for await (const records of readInCreatedWindows(pages, createdBefore, TOKEN_PARAMETER)) {
      yield { type: 'records', stream: 'timelogs', records };
    }
    yield { type: 'checkpoint', bookmark };
  },
});

function timelogPages(http: HttpClient, updatedSince: Seconds | undefined): GetPage {
  const accepted = new AcceptedFields(['billingType'], ['billingType']);
  const updatedDate = updatedSince === undefined ? undefined : rangeFilter({ start: updatedSince });
  return (query) =>
    accepted.ask((fields) => getPage(http, '/timelogs', { updatedDate, plainText: true, ...query, fields }));
}
