import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findScheduler } from '../src/find-scheduler.ts';
import { withRunFolder } from '../src/run-folder.ts';

describe('the folder of a run.sh', () => {
  let disk: string;
  let here: Record<string, string>;
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'run-folder-'));
    here = { DISK_STORAGE_PATH: disk };
    for (const folder of ['demo/postgres', 'demo/rabbitmq']) mkdirSync(join(disk, folder), { recursive: true });
    const files = {
      'demo/ports.json': '{"scheduler": 24919}',
      'demo/api-token': 'a-token\n',
      'demo/postgres/ports.json': '{"postgres": 21677}',
      'demo/postgres/password-of-pipeline_scheduler': 'secret\n',
      'demo/rabbitmq/ports.json': '{"amqp": 25450, "epmd": 1}',
      'demo/rabbitmq/password-of-scheduler': 'a/b',
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(join(disk, name), content);
  });
  afterEach(() => rmSync(disk, { recursive: true }));
  const start = () => writeFileSync(join(disk, 'demo/supervisor.pid'), '{}');

  it('says where the scheduler is and what opens it, while it runs', () => {
    expect(findScheduler(here)).toEqual({ url: 'http://127.0.0.1:8080', token: undefined });
    start();
    expect(findScheduler(here)).toEqual({ url: 'http://127.0.0.1:24919', token: 'a-token' });
  });

  it('gives way to what is named', () => {
    start();
    const named = { ...here, PIPELINE_URL: 'localhost:9000/', PIPELINE_TOKEN: 'another' };
    expect(findScheduler(named)).toEqual({ url: 'http://localhost:9000', token: 'another' });
    expect(() => findScheduler({ ...here, PIPELINE_URL: 'ftp://x' })).toThrow('PIPELINE_URL is no address');
    const database = { ...here, DB_HOST: 'elsewhere', RABBITMQ_URL_FILE: '/run/secrets/broker' };
    expect(withRunFolder(database)).toEqual(database);
  });

  it('opens its own database and broker for what works without a scheduler', () => {
    expect(withRunFolder(here)).toEqual(here);
    start();
    expect(withRunFolder(here)).toEqual({
      ...here,
      ...{ DB_HOST: '127.0.0.1', DB_PORT: '21677', DB_DATABASE: 'pipeline', DB_SSLMODE: 'disable' },
      ...{ DB_USERNAME: 'pipeline_scheduler', DB_PASSWORD: 'secret' },
      RABBITMQ_URL: 'amqp://scheduler:a%2Fb@127.0.0.1:25450/',
    });
  });
});
