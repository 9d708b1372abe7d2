import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Context } from './context.ts';
import { Ended, EXIT } from './exit.ts';

/** Of the newest runs, those among which a short id is looked for. */
const RUNS_MAX = 500;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const STANDARD_INPUT = 0;

/** Reads an option that is a whole number. @throws InvalidArgumentError */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}

const ROWS_MAX = 500;

/** Which part of a list is shown. */
export interface Part {
  limit: number;
  cursor?: string;
}

/** Adds the options of {@link Part} to a command that lists. */
export function paged(command: Command, rows = 50): Command {
  return command
    .addOption(new Option('--limit <n>', 'rows').argParser(wholeNumber(1, ROWS_MAX)).default(rows))
    .option('--cursor <cursor>', 'goes on where a list ended, which says it');
}

/** Reads a day or an instant, which becomes an instant in UTC. @throws InvalidArgumentError */
export function instant(text: string): string {
  const at = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(at.getTime())) return at.toISOString();
  throw new InvalidArgumentError('Expected a date: 2026-12-01 or 2026-12-01T06:00:00Z.');
}

/** A stream as people name it: `xero.invoices`, `xero/invoices`. @throws Ended */
export function streamName(text: string): { source: string; stream: string } {
  const [source, stream, ...rest] = text.split(/[./]/);
  if (source === undefined || source === '' || stream === undefined || stream === '' || rest.length > 0)
    throw new Ended(EXIT.usage, `"${text}" is no stream: expected connection.stream, such as xero.invoices`);
  return { source, stream };
}

/** The id of a run by its first characters, as lists and the page show it. @throws Ended */
export async function runId({ client }: Context, text: string): Promise<string> {
  const wanted = text.toLowerCase();
  if (UUID.test(wanted)) return wanted;
  if (!/^[0-9a-f-]{4,}$/.test(wanted))
    throw new Ended(EXIT.usage, `"${text}" is no run: take the id, or its first characters, from pipeline runs`);
  const { items } = await client.call('listRuns', { query: { limit: RUNS_MAX } });
  const [found, other] = items.filter(({ id }) => id.startsWith(wanted));
  if (found !== undefined && other === undefined) return found.id;
  const problem = found === undefined ? 'none' : 'several';
  throw new Ended(EXIT.usage, `${problem} of the newest ${RUNS_MAX} runs begin with ${wanted}: see pipeline runs`);
}

/** A file, or standard input for `-` or nothing. @throws Ended */
export function readInput(file: string | undefined): string {
  try {
    return readFileSync(file === undefined || file === '-' ? STANDARD_INPUT : file, 'utf8');
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    throw new Ended(EXIT.usage, `cannot read ${file ?? 'standard input'}: ${String(code ?? error)}`);
  }
}
