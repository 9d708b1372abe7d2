import { insertConnection, newestChecks, recordCheck, registerPipeline } from '@pipeline/control';
import { inTransaction } from '@pipeline/postgres';
import { renewChecks } from '../src/schedule/renew-checks.ts';
import { type ApiServer, logger, startApiServer } from './support/api-server.ts';

const CHECK = {
  ...{ checkedAt: new Date().toISOString(), isOk: true, account: null, code: null, message: null, remedy: null },
  ...{ scopes: [], streams: [], limits: [], tokenEndsAt: null },
};

describe('an account at which nobody has looked for a day', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
    const { pool } = server.database;
    for (const name of ['fresh', 'stale', 'unseen', 'away']) {
      const draft = { source: 'test', settings: {}, secrets: null, selection: { select: null } };
      await inTransaction(pool, (client) => insertConnection(client, { ...draft, name, targetSchema: name }));
      await registerPipeline(pool, { name: `pipeline_${name}_to_postgres`, source: 'test', streams: [] });
      if (name !== 'unseen') await recordCheck(pool, { connection: name, source: 'test', result: CHECK });
    }
    await pool.query(
      `update pipeline.connection_checks set requested_at = requested_at - interval '25 hours' where connection in ('stale', 'away')`,
    );
    await pool.query(
      `update pipeline.pipelines set seen_at = clock_timestamp() - interval '1 hour' where connection = 'away'`,
    );
  });
  afterAll(() => server.close());

  it('is looked at again, once, while its tap is there', async () => {
    const { pool } = server.database;
    const asked = async () => {
      const { rows } = await pool.query<{ connection: string }>(
        `select connection from pipeline.connection_checks where requested_by = 'scheduler'`,
      );
      return rows.map(({ connection }) => connection);
    };
    await renewChecks({ pool, logger });
    await renewChecks({ pool, logger });
    expect(await asked()).toEqual(['stale']);
    expect((await newestChecks(pool)).get('stale')).toMatchObject({ isChecking: true, result: { isOk: true } });
    const { rows } = await pool.query(`select body ->> 'type' as type from pipeline.outbox where type = 'check'`);
    expect(rows).toEqual([{ type: 'check' }]);
  });
});
