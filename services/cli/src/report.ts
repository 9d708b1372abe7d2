import { CommanderError } from 'commander';
import { NotReachable, Refused } from './client.ts';
import { Ended, EXIT } from './exit.ts';
import type { Terminal } from './terminal.ts';

/** What the process ends with. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Ended) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof NotReachable) return EXIT.notReachable;
  if (!(error instanceof Refused)) return EXIT.failed;
  if (error.status === 401 || error.status === 403) return EXIT.notAllowed;
  if (error.status === 409 || error.status === 429 || error.status === 503) return EXIT.notNow;
  return error.status === 400 || error.status === 404 ? EXIT.usage : EXIT.failed;
}

/** The same words as on the page; with `--json` the API's error, on standard error too. */
export function report(output: Terminal, error: unknown, isJson: boolean): void {
  if (error instanceof CommanderError) return;
  if (isJson && error instanceof Refused) {
    output.hint(JSON.stringify({ error: error.error }));
    return;
  }
  if (error instanceof Ended) {
    if (error.message !== '') output.hint(error.message);
    return;
  }
  if (error instanceof Refused) {
    output.hint(`${output.paint('red', '✗')} ${error.error.code}  ${error.error.message}`);
    output.hint(`  → ${error.error.remedy}`);
    return;
  }
  output.hint(`${output.paint('red', '✗')} ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof NotReachable) output.hint(`  → ${error.remedy}`);
}
