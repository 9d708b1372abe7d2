import { Command } from 'commander';
import { createClient } from './client.ts';
import { accessCommands } from './commands/access.ts';
import { backupCommands } from './commands/backup.ts';
import { bookmarkCommands } from './commands/bookmarks.ts';
import { completionCommand } from './commands/completion.ts';
import { connectionCommands } from './commands/connections.ts';
import { dbtCommands } from './commands/dbt.ts';
import { deadLetterCommands } from './commands/dead-letters.ts';
import { doctorCommand } from './commands/doctor.ts';
import { logCommand } from './commands/logs.ts';
import { pauseCommands } from './commands/pause.ts';
import { quarantineCommands } from './commands/quarantine.ts';
import { runCommands } from './commands/runs.ts';
import { statusCommand } from './commands/status.ts';
import { streamCommands } from './commands/streams.ts';
import { createContext } from './context.ts';
import type { Terminal } from './terminal.ts';

export function program(output: Terminal): Command {
  const root = new Command('pipeline')
    .description('Sees and steers the platform: a client of the scheduler at PIPELINE_URL, with PIPELINE_TOKEN')
    .option('--json', "the API's response: one JSON document a request")
    .option('--yes', 'no question before what costs something')
    .exitOverride()
    .showHelpAfterError();
  const context = createContext(output, createClient(), () => root.opts());
  for (const add of [
    statusCommand,
    runCommands,
    pauseCommands,
    streamCommands,
    bookmarkCommands,
    quarantineCommands,
    deadLetterCommands,
    dbtCommands,
    logCommand,
    connectionCommands,
    accessCommands,
    backupCommands,
    doctorCommand,
  ]) {
    add(root, context);
  }
  completionCommand(root, context);
  return root;
}
