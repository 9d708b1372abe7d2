import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface Peer {
  name: string;
  version: string;
  /** The program, which takes `--config <file>` and messages on standard input. */
  program: string;
  config: Record<string, unknown>;
}

const PEERS = [
  {
    name: 'MeltanoLabs',
    requirement: 'meltanolabs-target-postgres',
    config: { dialect: 'postgresql', driver: 'psycopg' },
  },
  {
    name: 'PipelineWise',
    requirement: 'pipelinewise-target-postgres',
    config: { primary_key_required: false, add_metadata_columns: true },
  },
];

/** The peers' targets, each in a virtual environment of its own below `folder`, installed from PyPI when it is missing. */
export function installPeers(folder: string): Peer[] {
  return PEERS.map(({ name, requirement, config }) => {
    const environment = join(folder, requirement);
    const program = join(environment, 'bin', 'target-postgres');
    if (!existsSync(program)) {
      execFileSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' });
      execFileSync(join(environment, 'bin', 'pip'), ['install', '--quiet', 'setuptools<81', requirement], {
        stdio: 'inherit',
      });
    }
    const versionOf = `from importlib.metadata import version; print(version('${requirement}'))`;
    const version = execFileSync(join(environment, 'bin', 'python'), ['-c', versionOf], { encoding: 'utf8' }).trim();
    return { name, version: `${requirement} ${version}`, program, config };
  });
}
