import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const FLAG = '--disable-warning=ExperimentalWarning';
const TEST_TIMEOUT_MS = 120_000;
/** Says at the end of a program whether Node had to load what takes the types out of TypeScript. */
const TELL = `data:text/javascript,${encodeURIComponent(
  `process.on('exit', () => process.stderr.write('stripper: ' + process.moduleLoadList.some((name) => name.includes('amaro'))))`,
)}`;

describe('the compile cache of an image', () => {
  let image: string;
  beforeEach(async () => {
    image = await mkdtemp(join(tmpdir(), 'image-'));
    await symlink(join(ROOT, 'docker'), join(image, 'docker'));
    await symlink(join(ROOT, 'services/loader'), join(image, 'service'));
  });
  afterEach(() => rm(image, { recursive: true }));

  const run = (args: string[], environment: Record<string, string> = {}) =>
    spawnSync(process.execPath, [FLAG, ...args], {
      cwd: image,
      env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: join(image, 'cache'), ...environment },
      encoding: 'utf8',
    });
  /** As docker-compose.yml starts a service, up to the check of its settings. */
  const start = (environment: Record<string, string> = {}) =>
    run(['--import', TELL, '--import', './docker/node/environment.ts', 'service/src/main.ts'], {
      HTTP_PORT: 'none',
      ...environment,
    });

  it(
    'has everything that a service and its health check start with, so that none of them loads the type stripper (mutation: without it)',
    () => {
      const without = start({ NODE_DISABLE_COMPILE_CACHE: '1' });
      expect([without.status, without.stderr]).toEqual([78, 'stripper: true']);
      const filled = run(['docker/node/compile-cache.ts']);
      expect([filled.status, filled.stderr]).toEqual([0, '']);
      const started = start();
      expect([started.status, started.stderr]).toEqual([78, 'stripper: false']);
      const checked = run(['--import', TELL, 'docker/node/healthcheck.ts'], { HTTP_PORT: '1' });
      expect([checked.status, checked.stderr]).toEqual([1, 'stripper: false']);
    },
    TEST_TIMEOUT_MS,
  );
});
