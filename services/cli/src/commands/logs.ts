import type { LogLine } from '@pipeline/protocol/api';
import { pause } from '@pipeline/resilience';
import { type Command, Option } from 'commander';
import { runId } from '../arguments.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';

const FOLLOW_MS = 1_000;
const LINES = 500;

interface Options {
  follow?: boolean;
  level?: 'debug' | 'info' | 'warn' | 'error';
  stream?: string;
  grep?: string;
}

export function logCommand(root: Command, context: Context): void {
  root
    .command('logs [run]')
    .description('log of a run, the newest one when none is named')
    .option('-f, --follow', 'goes on while it runs')
    .addOption(new Option('--level <level>', 'this level and worse').choices(['debug', 'info', 'warn', 'error']))
    .option('--stream <name>', 'of one stream')
    .option('--grep <text>', 'with this text, whatever its case')
    .action(async (run: string | undefined, options: Options) => {
      const id = run === undefined ? await newestRun(context) : await runId(context, run);
      let after = '0';
      for (;;) {
        const query = { limit: LINES, after, level: options.level, stream: options.stream, q: options.grep };
        const { items } = await context.client.call('getLog', {
          params: { id },
          query: after === '0' ? { ...query, after: undefined } : query,
        });
        for (const line of items) show(context, line);
        after = items.at(-1)?.id ?? after;
        if (items.length === LINES) continue;
        const isLive =
          options.follow === true && (await context.client.call('getRun', { params: { id } })).state === 'running';
        if (!isLive) {
          if (after === '0') context.output.hint('no line of its log matches');
          return;
        }
        await pause(FOLLOW_MS);
      }
    });
}

async function newestRun({ client }: Context): Promise<string> {
  const { items } = await client.call('listRuns', { query: { limit: 1 } });
  const [newest] = items;
  if (newest === undefined) throw new Ended(EXIT.failed, 'there was no run yet');
  return newest.id;
}

function show({ output, isJson }: Context, line: LogLine): void {
  if (isJson()) {
    output.line(JSON.stringify(line));
    return;
  }
  const fields = Object.entries(line.fields).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const text = `${line.at.slice(11, 23)} ${line.level.padEnd(5)} ${line.service.padEnd(12)} ${line.stream === null ? '' : `[${line.stream}] `}${line.message}${fields.join('')}`;
  output.line(
    line.level === 'error' ? output.paint('red', text) : line.level === 'warn' ? output.paint('yellow', text) : text,
  );
}
