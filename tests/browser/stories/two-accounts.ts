import { waitFor } from '@pipeline/testing';
import { type Sandbox, startSandbox } from '../../../services/sandbox/src/sandbox.ts';
import { source } from '../../../services/sandbox/src/xero/source.ts';
import { compareAll, sandboxTruth } from '../../support/truth.ts';
import { CYCLE_MS, type Scene } from './scene.ts';

const FIRST = 'xero';
const SECOND = 'xero_second';
const PIPELINES = [FIRST, SECOND].map((name) => `pipeline_${name}_to_postgres`);

/** Two connections of one source, each with an account of its own. */
export function tellTwoAccounts(scene: Scene): void {
  let second: Sandbox;
  beforeAll(async () => {
    second = await startSandbox({ deals: 60, seed: 2, rateLimitFactor: 1_000, only: ['xero'] });
  });
  afterAll(() => second?.stop());

  it(
    'reads two accounts of one source at once, each into its own schema and within its own limits',
    async () => {
      const { platform, dashboard } = scene;
      const organisations = [platform.sandbox, second].map(organisationOf);
      expect(new Set(organisations).size).toBe(2);
      expect((await dashboard.call('POST', '/api/connections', connectionTo(second))).status).toBe(201);
      await isRegistered(scene);
      second.faults.arm({
        source: 'xero',
        kind: 'status',
        status: 429,
        path: 'api.xro',
        count: 1,
        retryAfterSeconds: 1,
      });
      const held = await heldBack(scene);
      await runBoth(scene);

      const truths = [sandboxTruth(platform.sandbox, 'xero'), sandboxTruth(second, 'xero', { schema: SECOND })];
      const { rows, differences } = await compareAll(platform.database.pool, truths);
      expect(differences).toEqual([]);
      expect(rows).toBeGreaterThan(200);
      expect(await organisationsIn(scene)).toEqual(organisations);

      const counted = await platform.database.pool.query<{ owner: string }>(
        `select source as owner from pipeline.rate_limits where name = 'day' and source like 'xero%' order by 1`,
      );
      expect(counted.rows.map(({ owner }) => owner)).toEqual(organisations.map((id) => `xero/${id}`).sort());
      // One account was told to wait: the other's wait is what it was.
      expect(await heldBack(scene)).toEqual({ ...held, [`xero/${organisations[1]}`]: expect.any(Date) });
    },
    CYCLE_MS * 2,
  );
}

function connectionTo(sandbox: Sandbox) {
  const { client_id, client_secret, refresh_token, ...settings } = source.tapSettings(sandbox.url('xero'));
  return { name: SECOND, source: 'xero', settings, secrets: { client_id, client_secret, refresh_token } };
}

function organisationOf(sandbox: Sandbox): unknown {
  return [...sandbox.truth('xero', 'organisation').rows][0]?.['OrganisationID'];
}

/** Waits until the tap has seen the new connection. */
async function isRegistered({ platform }: Scene): Promise<void> {
  const found = async () => {
    const { rows } = await platform.database.pool.query(
      `select from pipeline.pipelines where name = $1 and seen_at is not null and streams <> '[]'`,
      [PIPELINES[1]],
    );
    return rows.length === 1;
  };
  await waitFor(found, { timeoutMs: CYCLE_MS, what: 'the tap of the new connection' });
}

/** Asks for both in one statement, so that they share a cycle, and waits until both are loaded. They run at the same time. */
async function runBoth({ platform: { database } }: Scene): Promise<void> {
  const { rows } = await database.pool.query<{ now: Date }>(
    `update pipeline.pipelines set requested_at = clock_timestamp(), requested_full_read = true where name = any ($1) returning clock_timestamp() as now`,
    [PIPELINES],
  );
  const runs = async () => {
    const ended = await database.pool.query<{ status: string; error: string | null; from: Date; to: Date }>(
      `select status, error, started_at as from, finished_at as to from pipeline.runs
       where pipeline = any ($1) and started_at >= $2 and finished_at is not null`,
      [PIPELINES, rows[0]?.now],
    );
    return ended.rows.length === 2 ? ended.rows : undefined;
  };
  const [one, other] = await waitFor(runs, { timeoutMs: CYCLE_MS, what: 'the end of both runs' });
  expect([one, other]).toEqual(Array(2).fill(expect.objectContaining({ status: 'loaded', error: null })));
  expect(one && other && one.from < other.to && other.from < one.to).toBe(true);
}

/** Until when each account was last told to wait. */
async function heldBack({ platform }: Scene): Promise<Record<string, Date>> {
  const { rows } = await platform.database.pool.query<{ source: string; until: Date }>(
    `select source, blocked_until as until from pipeline.rate_limits where name = '*' and source like 'xero%'`,
  );
  return Object.fromEntries(rows.map(({ source, until }) => [source, until]));
}

async function organisationsIn({ platform }: Scene): Promise<unknown[]> {
  const { rows } = await platform.database.pool.query<{ id: string }>(
    `select 1 as place, organisation_id as id from ${FIRST}.organisation union all
     select 2, organisation_id from ${SECOND}.organisation order by place`,
  );
  return rows.map(({ id }) => id);
}
