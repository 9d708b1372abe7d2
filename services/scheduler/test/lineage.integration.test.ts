import { failTask } from '@pipeline/control';
import type { Logger } from '@pipeline/protocol';
import { type LineageReceiver, startLineageReceiver, type TestDatabase } from '@pipeline/testing';
import { claim, controlDatabase, startTasks } from '../../../libs/control/test/support.ts';
import { lineageReporter } from '../src/lineage/reporter.ts';
import { namedUuid } from '../src/lineage/run-event.ts';

const PLACES = { namespace: 'pipeline', warehouse: 'postgres://db:5432', database: 'warehouse' };

describe('lineage', () => {
  let database: TestDatabase;
  let receiver: LineageReceiver;
  const warnings: string[] = [];
  const logger = { warn: (_: object, text: string) => void warnings.push(text) } as unknown as Logger;
  beforeAll(async () => {
    database = await controlDatabase();
    receiver = await startLineageReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await database.drop();
  });

  it('is told once of each attempt: of what failed why, and of what was missed while the receiver was away', async () => {
    const tasks = await startTasks(database.pool, 'deals');
    const { epoch, taskId } = await claim(database.pool, tasks.get('deals'));
    const to = { url: receiver.url, apiKey: undefined };
    const report = lineageReporter({ pool: database.pool, logger, receiver: to, places: PLACES });
    receiver.respond(503);
    await report();
    await report();
    expect(receiver.events).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('OPENLINEAGE_URL')]);
    receiver.respond(201);
    await report();
    await failTask(database.pool, epoch, { error: 'the source is away', code: 'SOURCE_AWAY', retry: true });
    await report();
    await report();
    expect(receiver.problems).toEqual([]);
    const runId = namedUuid(taskId, String(epoch));
    const told = receiver.events.map(({ eventType, run, inputs }) => ({ eventType, runId: run.runId, inputs }));
    const inputs = [{ namespace: 'test://test', name: 'deals' }];
    expect(told).toEqual([
      { eventType: 'START', runId, inputs },
      { eventType: 'FAIL', runId, inputs },
    ]);
    expect(receiver.events[1]?.run.facets['errorMessage']).toMatchObject({ message: 'the source is away' });
  });
});

describe('the id of an attempt', () => {
  it('is a UUID of version 5', () => {
    // The example of RFC 9562, appendix A.4.
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';
    expect(namedUuid(dns, 'www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });
});
