import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import type { Dataset } from './dataset.ts';
import { type Measurement, measure } from './measurement.ts';

/** A Singer target as a process with the messages on its standard input, from its start to its end. */
export function measureTarget(command: string[], dataset: Dataset): Promise<Measurement> {
  const [program = '', ...args] = command;
  return measure(
    (watch) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, args, { stdio: [openSync(dataset.singerFile, 'r'), 'ignore', 'inherit'] });
        if (child.pid !== undefined) watch(child.pid);
        child.on('error', reject);
        child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))));
      }),
  );
}
