import { sources } from '../../services/sandbox/src/sources.ts';
import { Compose, crash, docker } from './compose.ts';
import { Demo } from './demo.ts';
import { compiledFiles, excesses, memoryInUse } from './limits.ts';

const BUILD_MS = 20 * 60_000;
const CYCLE_MS = 6 * 60_000;
const TWO_GB = 2 * 1024 ** 3;
/** Modules of the smallest service. */
const COMPILED_MIN = 100;
const NEVER_SECONDS = '604800';
/** Where each secret is, and nowhere else. */
const SECRETS = [
  ['postgres', 'db-password'],
  ['rabbitmq', 'rabbitmq-password'],
  ['scheduler', 'credentials-key'],
  ['scheduler', 'api-token'],
  ['loader', 'db-password'],
  ['tap-xero', 'db-password'],
] as const;
/** Every container but the imitated sources, whose data lives in their memory. */
const ROLLING = [
  ...sources.map(({ name }) => `tap-${name}`),
  'loader',
  'dbt-runner',
  'rabbitmq',
  'scheduler',
  'postgres',
];

interface Container {
  Name: string;
  RestartCount: number;
  State: { Status: string; ExitCode: number; OOMKilled: boolean };
  Config: { User: string; Cmd: string[] | null; Labels: Record<string, string> };
  HostConfig: {
    ReadonlyRootfs: boolean;
    Privileged: boolean;
    CapDrop: string[];
    CapAdd: string[] | null;
    SecurityOpt: string[];
    Memory: number;
    PidsLimit: number;
    LogConfig: { Type: string; Config: Record<string, string> };
    PortBindings: Record<string, { HostIp: string }[]>;
    Binds: string[] | null;
  };
}

describe('the platform in containers', () => {
  const compose = new Compose({ PIPELINE_INTERVAL_SECONDS: NEVER_SECONDS, SANDBOX_DEALS: '200' });
  let demo: Demo;

  beforeAll(() => {
    compose.run('build');
    compose.run('up', '--wait');
    demo = new Demo(compose);
  }, BUILD_MS);
  afterAll(async () => {
    await demo?.pool.end();
    compose.remove();
  }, 120_000);

  const inspectAll = (): Container[] =>
    JSON.parse(docker(['inspect', ...compose.run('ps', '--all', '--quiet').split('\n').filter(Boolean)]));
  const serviceOf = (container: Container) => container.Config.Labels['com.docker.compose.service'] ?? '';

  it(
    'loads everything that the sandbox has in the first cycle, and models it',
    async () => {
      expect(await demo.cycleEnd()).toBe('succeeded');
      const { rows, streams, differences } = await demo.compare();
      expect(differences).toEqual([]);
      expect(streams).toBeGreaterThanOrEqual(20);
      expect(rows).toBeGreaterThan(2_000);
      const { rows: builds } = await demo.pool.query(
        `select r.status, count(n.*)::int as nodes from pipeline.dbt_runs r
       left join pipeline.dbt_results n on n.dbt_run_id = r.id group by r.id`,
      );
      expect(builds).toEqual([{ status: 'succeeded', nodes: expect.any(Number) }]);
      expect(builds[0].nodes).toBeGreaterThan(20);
    },
    CYCLE_MS,
  );

  /** After a quiet read. */
  const expectExact = async () => {
    await demo.mutationsDone();
    await demo.requestRuns({ fullRead: true });
    expect(await demo.cycleEnd()).toBe('succeeded');
    expect((await demo.compare()).differences).toEqual([]);
    expect((await demo.pool.query('select * from pipeline.violations')).rows).toEqual([]);
    expect((await demo.pool.query('select * from pipeline.dead_letters')).rows).toEqual([]);
  };

  it(
    'loses nothing when it is scaled out and a tap and a loader crash while the sources change',
    async () => {
      compose.run('up', '--detach', '--wait', '--scale', 'loader=3', '--scale', 'tap-hubspot=2');
      expect(compose.containers('loader')).toHaveLength(3);
      expect(compose.containers('tap-hubspot')).toHaveLength(2);

      await demo.mutate({ count: 400, everyMs: 20, seed: 7 });
      const running = demo.running('pipeline_hubspot_to_postgres');
      await demo.requestRuns({ fullRead: true });
      await running;
      for (const container of [...compose.containers('tap-hubspot'), ...compose.containers('loader').slice(0, 2)]) {
        crash(container);
      }
      expect(await demo.cycleEnd()).toBe('succeeded');
      const crashed = () => inspectAll().filter((container) => container.RestartCount > 0);
      expect(new Set(crashed().map(serviceOf))).toEqual(new Set(['tap-hubspot', 'loader']));
      await expectExact();
    },
    CYCLE_MS * 3,
  );

  it(
    'loses nothing and fails no run when every container is restarted, one after another, while runs are under way',
    async () => {
      await demo.mutate({ count: 400, everyMs: 20, seed: 8 });
      for (const service of ROLLING) {
        await demo.cycleUnderWay();
        compose.restart(service);
        await demo.reconnect();
      }
      await demo.cycleEnd();
      expect((await demo.pool.query(`select error from pipeline.runs where status = 'failed'`)).rows).toEqual([]);
      await expectExact();
    },
    CYCLE_MS * 3,
  );

  it('runs every container without rights: no root, nothing to write to, no capability, bounded memory and processes', () => {
    for (const container of inspectAll()) {
      const { User } = container.Config;
      const host = container.HostConfig;
      expect({ name: container.Name, root: ['', '0', 'root'].includes(User) }).toEqual({
        name: container.Name,
        root: false,
      });
      expect(host).toMatchObject({ ReadonlyRootfs: true, Privileged: false, CapDrop: ['ALL'], CapAdd: null });
      expect(host.SecurityOpt).toContain('no-new-privileges:true');
      expect(host.PidsLimit).toBeGreaterThan(0);
      expect(host.Memory).toBeGreaterThan(0);
      expect(host.LogConfig).toMatchObject({ Type: 'json-file', Config: { 'max-size': '20m' } });
      expect(host.Binds?.filter((bind) => bind.includes('docker.sock')) ?? []).toEqual([]);
    }
  });

  it('ends what takes more memory or processes than its container has, and all of it together needs less than 2 GB', () => {
    const { memory, processes } = excesses(compose);
    expect(memory).toContain('ended with 137');
    expect(processes).toMatch(/cannot fork/i);
    expect(memoryInUse(compose)).toBeLessThan(TWO_GB);
  });

  it('finds its modules compiled in every image', () => {
    for (const service of [...sources.map(({ name }) => `tap-${name}`), 'loader', 'scheduler', 'dbt-runner']) {
      for (const container of compose.containers(service)) {
        expect({ service, isCompiled: compiledFiles(container) > COMPILED_MIN }).toEqual({ service, isCompiled: true });
      }
    }
  });

  it('publishes ports on this machine only', () => {
    const addresses = inspectAll().flatMap(({ HostConfig }) =>
      Object.values(HostConfig.PortBindings ?? {}).flatMap((bindings) => bindings.map(({ HostIp }) => HostIp)),
    );
    expect(addresses).not.toHaveLength(0);
    expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
  });

  it('keeps secrets out of what docker inspect and the logs show', () => {
    const shown = JSON.stringify(inspectAll()) + compose.run('logs', '--no-color');
    for (const [service, name] of SECRETS) {
      const secret = compose.secret(service, name);
      expect(secret).toMatch(/^[0-9a-f]{64}$/);
      expect({ name, isShown: shown.includes(secret) }).toEqual({ name, isShown: false });
    }
  });

  it('gives a container its own secrets and nobody else’s', () => {
    const filesOf = (service: string) => compose.run('exec', '-T', service, 'ls', '/run/pipeline').trim().split('\n');
    const common = ['db-password', 'demo.env', 'rabbitmq-url', 'rabbitmq-url-demo', 'service.env'];
    expect(filesOf('loader')).toEqual(common);
    expect(filesOf('dbt-runner')).toEqual(common);
    expect(filesOf('tap-xero')).toEqual(['credentials-key', ...common]);
    expect(filesOf('scheduler')).toEqual(['api-token', 'credentials-key', ...common]);
    expect(filesOf('sandbox')).toEqual(['demo.env']);
    expect(new Set(SECRETS.map(([service, name]) => compose.secret(service, name))).size).toBe(SECRETS.length);
  });

  it('runs every service as a user of its own in PostgreSQL and in RabbitMQ, which has no guest', async () => {
    const { rows } = await demo.pool.query<{ service: string; role: string }>(
      `select distinct application_name as service, usename as role from pg_stat_activity
       where datname = 'demo' and application_name ~ '^(scheduler|loader|dbt-runner|tap-)' order by 1`,
    );
    expect(rows).toContainEqual({ service: 'loader', role: 'pipeline_loader' });
    expect(rows).toContainEqual({ service: 'tap-xero', role: 'pipeline_tap' });
    expect(rows.filter(({ role }) => !role.startsWith('pipeline_'))).toEqual([]);
    const users = compose.run('exec', '-T', 'rabbitmq', 'rabbitmqctl', '--silent', 'list_users');
    const names = users.split('\n').flatMap((line) => line.split('\t')[0] || []);
    expect(names.sort()).toEqual(
      ['dbt-runner', 'loader', 'pipeline', 'scheduler', ...sources.map(({ name }) => `tap-${name}`)].sort(),
    );
  });

  it('gives loaders no way to the internet, and images no npm', () => {
    const [loader = ''] = compose.containers('loader');
    expect(docker(['exec', loader, 'sh', '-c', 'ls /usr/local/lib/node_modules 2>/dev/null; true'])).toBe('');
    const script = `require('net').connect({ host: '1.1.1.1', port: 443, timeout: 3000 })
      .on('connect', () => process.exit(1)).on('error', () => process.exit(0)).on('timeout', () => process.exit(0))`;
    expect(() => docker(['exec', loader, 'node', '-e', script])).not.toThrow();
  });

  it('stops every service with exit code 0', () => {
    compose.run('stop');
    expect(inspectAll().map((container) => [serviceOf(container), container.State])).toEqual(
      inspectAll().map((container) => [
        serviceOf(container),
        expect.objectContaining({ Status: 'exited', ExitCode: 0, OOMKilled: false }),
      ]),
    );
  }, 180_000);
});
