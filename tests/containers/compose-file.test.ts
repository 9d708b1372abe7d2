import { resolve } from 'node:path';
import { brokerFields, databaseFields } from '@pipeline/service/config';
import { config as tapConfig } from '../../libs/tap-kit/src/config.ts';
import { config as dbtRunnerConfig } from '../../services/dbt-runner/src/config.ts';
import { config as loaderConfig } from '../../services/loader/src/config.ts';
import { config as schedulerConfig } from '../../services/scheduler/src/config.ts';
import { type TapFolder, tapFolders } from '../../tools/taps.ts';
import { docker } from './compose.ts';

const taps = await tapFolders(resolve(import.meta.dirname, '../..'));

/** What the image or the nature of a container decides, and no user of compose. */
const NOT_FOR_COMPOSE = ['DBT_PYTHON', 'DBT_PROJECT_DIR', 'DISK_STORAGE_PATH', 'PIPELINE_ONCE'];
const COMPOSE = ['compose', '--profile', 'demo', 'config', '--format', 'json', '--no-interpolate'];

interface ComposeFile {
  services: Record<string, { environment?: Record<string, string | null>; container_name?: string }>;
}

describe('docker-compose.yml', () => {
  const { services }: ComposeFile = JSON.parse(docker(COMPOSE));

  const tapVariables = ({ variables }: TapFolder) =>
    Object.keys({ ...databaseFields, ...brokerFields, ...tapConfig.shape, ...variables.shape });

  it.each([
    ['scheduler', Object.keys(schedulerConfig.shape)],
    ['loader', Object.keys(loaderConfig.shape)],
    ['dbt-runner', Object.keys(dbtRunnerConfig.shape)],
    ...taps.map((tap): [string, string[]] => [`tap-${tap.source}`, tapVariables(tap)]),
  ])('passes on every variable that %s reads', (service, variables) => {
    const passed = new Set(Object.keys(services[service]?.environment ?? {}));
    const missing = variables.filter(
      (name) => !passed.has(name) && !passed.has(`${name}_FILE`) && !NOT_FOR_COMPOSE.includes(name),
    );
    expect(missing).toEqual([]);
  });

  it('names no container, so that every service can be scaled', () => {
    expect(Object.values(services).filter((service) => service.container_name !== undefined)).toEqual([]);
  });
});
