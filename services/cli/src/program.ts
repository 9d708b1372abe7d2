import { Command } from 'commander';
import { createClient } from './client.ts';
import { accessCommands } from './commands/access.ts';
import { alertCommands } from './commands/alerts.ts';
import { backupCommands } from './commands/backup.ts';
import { bookmarkCommands } from './commands/bookmarks.ts';
import { completionCommand } from './commands/completion.ts';
import { connectionDetailCommands } from './commands/connection.ts';
import { connectionCommands } from './commands/connections.ts';
import { dbtCommands } from './commands/dbt.ts';
import { deadLetterCommands } from './commands/dead-letters.ts';
import { doctorCommand } from './commands/doctor.ts';
import { logCommand } from './commands/logs.ts';
import { pauseCommands } from './commands/pause.ts';
import { quarantineCommands } from './commands/quarantine.ts';
import { runDetailCommands } from './commands/run-details.ts';
import { runCommands } from './commands/runs.ts';
import { scheduleCommands } from './commands/schedule.ts';
import { settingCommands } from './commands/settings.ts';
import { statusCommand } from './commands/status.ts';
import { streamDetailCommands } from './commands/stream.ts';
import { streamCommands } from './commands/streams.ts';
import { createContext } from './context.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

export function program(output: Terminal): Command {
  const root = new Command('pipeline')
    .description('Sees and steers the platform: a client of the scheduler at PIPELINE_URL, with PIPELINE_TOKEN')
    .option('--json', "the API's response: one JSON document a request")
    .option('--yes', 'no question before what costs something')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(--help says what there is)');
  const context = createContext(output, createClient(), () => root.opts());
  for (const add of [
    statusCommand,
    runCommands,
    runDetailCommands,
    pauseCommands,
    scheduleCommands,
    streamCommands,
    streamDetailCommands,
    bookmarkCommands,
    quarantineCommands,
    deadLetterCommands,
    dbtCommands,
    logCommand,
    connectionCommands,
    connectionDetailCommands,
    alertCommands,
    settingCommands,
    accessCommands,
    backupCommands,
    doctorCommand,
  ]) {
    add(root, context);
  }
  completionCommand(root, context);
  return root;
}
