import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestDatabase } from '@pipeline/testing';
import { dbtPython } from './dbt-python.ts';

const PROFILES = join(import.meta.dirname, '../../dbt');

/** Runs a command of dbt against this database. Returns `succeeded`, or what dbt said. */
export async function runDbt(database: TestDatabase, project: string, ...command: string[]): Promise<string> {
  const child = spawn(
    dbtPython(),
    ['-m', 'dbt.cli.main', ...command, '--project-dir', project, '--profiles-dir', PROFILES],
    { env: { ...process.env, ...database.environment, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' } },
  );
  let output = '';
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString();
  });
  const [code] = await once(child, 'close');
  return code === 0 ? 'succeeded' : output;
}
