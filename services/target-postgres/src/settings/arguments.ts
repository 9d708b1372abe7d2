import { Command, CommanderError, Option } from 'commander';

export interface Arguments {
  config?: string[];
  about?: boolean;
  format: 'json' | 'markdown';
}

export const VERSION = '0.1.0';

const HELP = `
Reads Singer messages from standard input and writes their records to PostgreSQL:
  tap-hubspot --config tap.json | target-postgres --config target.json > state.jsonl
Each line of standard output is a STATE whose records are committed; the last one is where the next run goes on.

Exit codes: 0 everything is committed; 1 the input or its data is at fault; 2 wrong command line; 75 PostgreSQL is not there, try again;
78 the configuration is at fault; 130 and 143 ended by a signal.`;

/** The command line of target-postgres. Returns the exit code instead when there is nothing left to do. */
export function parseArguments(argv: string[]): Arguments | { exitCode: number } {
  const command = new Command('target-postgres')
    .description('A Singer target for PostgreSQL.')
    .version(VERSION, '--version')
    .option('-c, --config <file>', 'settings, a JSON object; later files override earlier ones', collect)
    .option('--about', 'describe the settings and exit')
    .addOption(new Option('--format <format>', 'of --about').choices(['json', 'markdown']).default('markdown'))
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .exitOverride();
  try {
    return command.parse(argv, { from: 'user' }).opts<Arguments>();
  } catch (error) {
    if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2 };
    throw error;
  }
}

function collect(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}
