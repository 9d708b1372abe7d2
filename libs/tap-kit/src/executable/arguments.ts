import { Command, CommanderError, Option } from 'commander';

export interface Arguments {
  config?: string;
  discover?: boolean;
  catalog?: string;
  properties?: string;
  state?: string;
  test?: boolean;
  connect?: boolean;
  port: string;
  about?: boolean;
  format: 'json' | 'markdown';
}

/** The command line of a Singer tap. Returns the exit code instead when there is nothing left to do. */
export function parseArguments(source: string, version: string, argv: string[]): Arguments | { exitCode: number } {
  const command = new Command(`tap-${source}`)
    .description(`Reads ${source} and writes Singer messages on standard output. Without options it runs as a service.`)
    .version(version, '--version')
    .option('-c, --config <file>', 'settings of the tap, a JSON object; rotated credentials are written back to it')
    .option('-d, --discover', 'print the catalog and exit')
    .option('--catalog <file>', 'catalog with the selection of streams and fields (default: everything)')
    .option('-p, --properties <file>', 'old name of --catalog')
    .option('-s, --state <file>', 'value of the last STATE message of an earlier run')
    .option('--test', 'check the credentials with one request and exit')
    .option('--connect', 'connect an account by the consent page of the source; writes the refresh token into --config')
    .option('--port <port>', 'of --connect: the redirect address is http://localhost:<port>/callback', '8400')
    .option('--about', 'describe the tap, its settings and its streams, and exit')
    .addOption(new Option('--format <format>', 'of --about').choices(['json', 'markdown']).default('markdown'))
    .allowExcessArguments(false)
    .exitOverride();
  try {
    return command.parse(argv, { from: 'user' }).opts<Arguments>();
  } catch (error) {
    if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2 };
    throw error;
  }
}
