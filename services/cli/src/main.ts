#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { program } from './program.ts';
import { exitCodeOf, report } from './report.ts';
import { terminal } from './terminal.ts';

const output = terminal();
process.once('SIGINT', () => process.exit(130));
// Who reads has enough: `pipeline runs | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
let isJson = false;
try {
  const root = program(output);
  root.hook('preAction', () => {
    isJson = root.opts<{ json?: boolean }>().json === true;
  });
  await root.parseAsync();
} catch (error) {
  report(output, error, isJson);
  process.exitCode = exitCodeOf(error);
}
