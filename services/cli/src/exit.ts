import { CommanderError } from 'commander';
import { NotReachable, Refused } from './client.ts';
import type { Terminal } from './terminal.ts';

/** 0 done · 1 it failed · 2 usage · 3 something needs you · 4 not reachable · 5 not allowed · 6 not now. */
export const EXIT = { done: 0, failed: 1, usage: 2, attention: 3, notReachable: 4, notAllowed: 5, notNow: 6 } as const;

/** A command that ends with another code than 0 and has said why. */
export class Ended extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message = '') {
    super(message);
    this.exitCode = exitCode;
  }
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof Ended) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof NotReachable) return EXIT.notReachable;
  if (!(error instanceof Refused)) return EXIT.failed;
  if (error.status === 401 || error.status === 403) return EXIT.notAllowed;
  if (error.status === 409 || error.status === 429 || error.status === 503) return EXIT.notNow;
  return error.status === 400 || error.status === 404 ? EXIT.usage : EXIT.failed;
}

/** The same words as on the page. */
export function report(output: Terminal, error: unknown): void {
  if (error instanceof CommanderError) return;
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
}
