import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { withDatabase } from '../database.ts';
import { Ended, EXIT } from '../exit.ts';

/** Encrypted secrets and hashes of tokens are in it. */
const OWNER_ONLY = 0o600;

export function backupCommands(root: Command, context: Context): void {
  const { output } = context;
  root
    .command('backup <file>')
    .description('writes the control schema into a new file, directly from the database (DB_HOST, …); services may run')
    .action(async (file: string) => {
      const lines = await withDatabase(async ({ pool, control }) => {
        let count = 0;
        const text = async function* () {
          for await (const line of control.backupControl(pool)) {
            count += 1;
            yield `${line}\n`;
          }
        };
        await pipeline(Readable.from(text()), createWriteStream(file, { flags: 'wx', mode: OWNER_ONLY }));
        return count;
      }).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
        throw new Ended(EXIT.usage, `${file} is there already: give another name`);
      });
      if (context.isJson()) return output.json({ file, rows: lines - 2 });
      output.line(`${file}: ${lines - 2} rows`);
      output.hint('keep CREDENTIALS_KEY with it, and apart from it: without the key no secret can be read again');
    });
  root
    .command('restore <file>')
    .description('puts a backup into the control schema, directly into the database; every service has to be stopped')
    .action(async (file: string) => {
      if (context.isYes()) output.hint('what is in the schema pipeline is replaced');
      const counts = await withDatabase(async ({ pool, control }) => {
        await control.migrateControl(pool);
        const restore = (replace: boolean) => control.restoreControl(pool, linesOf(file), { replace });
        return restore(context.isYes()).catch(async (error: unknown) => {
          if (codeOf(error) !== 'SCHEMA_IN_USE') throw error;
          await confirm(context, 'What is in the schema pipeline is lost, with its runs, logs and rejected records.');
          return restore(true);
        });
      });
      context.showTable(counts, ['table', 'rows'], Object.entries(counts), 'the backup is empty');
      if (context.isJson()) return;
      output.hint('start the services; streams whose tables are not as the backup knew them are read in full');
    });
}

/** Opened when the first line is asked for: a reader drops the lines that come before. */
async function* linesOf(file: string): AsyncGenerator<string> {
  yield* createInterface({ input: createReadStream(file) });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}
