import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** The Python that has dbt: the one named by DBT_PYTHON, or that of run.sh, which installs it.
 *  @throws when it cannot be had: the tests run real dbt or fail. */
export function dbtPython(): string {
  const named = process.env['DBT_PYTHON'];
  if (named !== undefined && named !== '') return named;
  const python = join(ROOT, process.env['DISK_STORAGE_PATH'] ?? '.data', 'dbt-venv/bin/python');
  if (!existsSync(python)) {
    const installed = spawnSync('./run.sh', ['install'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
    if (installed.status !== 0) throw new Error('dbt could not be installed: ./run.sh install failed');
  }
  return python;
}
