#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import { exitCodeOf, report } from './exit.ts';
import { program } from './program.ts';
import { terminal } from './terminal.ts';

const output = terminal();
process.once('SIGINT', () => process.exit(130));
try {
  await program(output).parseAsync();
} catch (error) {
  report(output, error);
  process.exitCode = exitCodeOf(error);
}
