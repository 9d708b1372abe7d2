import type { DbtClaim } from '@pipeline/control';
import type { Config } from './config.ts';

/** What every call of dbt needs: where the project is, where the artifacts go, and no log of its own. */
export function projectArguments(config: Config, targetPath: string): string[] {
  return [
    ...['--project-dir', config.DBT_PROJECT_DIR, '--profiles-dir', config.DBT_PROJECT_DIR],
    ...['--target', config.DBT_TARGET, '--target-path', targetPath],
    // dbt's log quotes values of records; what is worth knowing stands in its artifacts.
    ...['--log-level', 'none', '--log-level-file', 'none', '--log-path', targetPath],
    '--no-send-anonymous-usage-stats',
  ];
}

/** Models and tests of these sources and of everything that depends on them; or of these nodes, whatever the sources. */
export function buildArguments({ sources, onlyNodes }: Pick<DbtClaim, 'sources' | 'onlyNodes'>): string[] {
  const nodes = onlyNodes?.map(nodeSelector) ?? sources.map((source) => `source:${source}`);
  return ['build', ...select(nodes.map((node) => `${node}+`))];
}

/** dbt selects no node by its id, but by what the id is made of: `model.project.name`, `test.project.name.hash`, `source.project.schema.table`. */
function nodeSelector(id: string): string {
  const [kind, project = '', ...name] = id.split('.');
  if (kind === 'source') return `source:${[project, ...name].join('.')}`;
  return (kind === 'test' ? name.slice(0, 1) : name).join('.');
}

export function freshnessArguments(sources: string[]): string[] {
  return ['source', 'freshness', ...select(sources.map((source) => `source:${source}`))];
}

const select = (nodes: string[]): string[] => nodes.flatMap((node) => ['--select', node]);

/** All that dbt sees of the environment: whatever else a service is given, a model cannot read it. */
export function dbtEnvironment(config: Config): Record<string, string> {
  const { PATH = '', HOME = '', LANG = 'C.UTF-8' } = process.env;
  return {
    ...{ PATH, HOME, LANG },
    DB_HOST: config.DB_HOST,
    DB_PORT: String(config.DB_PORT),
    DB_DATABASE: config.DB_DATABASE,
    DB_USERNAME: config.DB_USERNAME,
    DB_PASSWORD: config.DB_PASSWORD,
    DB_SSLMODE: config.DB_SSLMODE,
    DBT_THREADS: String(config.DBT_THREADS),
    DO_NOT_TRACK: '1',
    PYTHONDONTWRITEBYTECODE: '1',
  };
}
