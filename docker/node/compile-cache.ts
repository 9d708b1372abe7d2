// Fills NODE_COMPILE_CACHE while the image is built. One TypeScript file that is not in it is enough for Node to load its type stripper, which takes
// 17 MB of memory and 0.1 s of every start, and at run time nothing can be written any more.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';

/** Of a wrong setting: the service has loaded what it starts with by then. */
const WRONG_SETTING = { HTTP_PORT: 'none' };
const CONFIGURATION_CODE = 78;

const folder = join(process.cwd(), 'service', 'src');
for (const path of globSync('**/*.ts', { cwd: folder })) {
  if (path !== 'main.ts') await import(join(folder, path));
}
flushCompileCache();

const run = (args: string[]) =>
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    env: { ...process.env, ...WRONG_SETTING },
    stdio: ['ignore', 'ignore', 'inherit'],
  }).status;
// As docker-compose.yml starts it.
const code = run(['--import', './docker/node/environment.ts', 'service/src/main.ts']);
if (code !== CONFIGURATION_CODE) throw new Error(`a service with a wrong setting ended with ${code}`);
run(['docker/node/healthcheck.ts']);
process.exit(0);
