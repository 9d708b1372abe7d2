import { writeFileSync } from 'node:fs';
import type { Check, Connection } from '@pipeline/protocol/api';
import { formatBytes, formatCount } from '@pipeline/protocol/format';
import { pause } from '@pipeline/resilience';
import type { Command } from 'commander';
import { readInput } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';

const POLL_MS = 500;
const CHECK_MS = 60_000;

export function connectionCommands(root: Command, context: Context): void {
  const { client, output } = context;
  root
    .command('connections')
    .description('accounts that are read')
    .action(async () => {
      const page = await client.call('listConnections', {});
      context.showTable(
        page,
        ['name', 'source', 'account', 'made by', 'streams', 'schema', 'received today', 'this month', 'state'],
        page.items.flatMap((item) => [
          [
            item.name,
            item.source,
            item.check?.account?.name ?? '',
            item.origin,
            item.streamsSelected,
            item.targetSchema,
            formatBytes(item.received.todayBytes),
            formatBytes(item.received.monthBytes),
            item.isPaused ? 'paused' : item.isAlive ? 'there' : 'no tap',
          ],
          ...organisations(item),
        ]),
        'nothing is connected yet: set the variables of a source, pipeline apply a file, or see pipeline open connections/new',
      );
    });
  root
    .command('check [connection]')
    .description('looks at token, scopes, streams and limits; 3 when something is wrong')
    .action(async (name?: string) => {
      const names =
        name === undefined ? (await client.call('listConnections', {})).items.map((item) => item.name) : [name];
      const checks: (Check & { connection: string })[] = [];
      for (const each of names) {
        const check = await checkOne(context, each);
        checks.push({ connection: each, ...check });
        if (!context.isJson()) showCheck(context, each, check);
      }
      if (context.isJson()) output.json(name === undefined ? checks : checks[0]);
      if (checks.some(({ isOk }) => !isOk)) throw new Ended(EXIT.attention);
    });
  configurationCommands(root, context);
}

/** Configuration as code, both ways. */
function configurationCommands(root: Command, context: Context): void {
  const { client, output } = context;
  root
    .command('export [file]')
    .description('connections, schedules, settings and alert channels as YAML, secrets by reference')
    .action(async (file?: string) => {
      const exported = await client.call('exportConfiguration', {});
      if (file === undefined) return context.show(exported, exported.yaml.trimEnd());
      writeFileSync(file, exported.yaml);
      context.show({ file }, `${file} is written`);
    });
  root
    .command('apply <file>')
    .description('shows what a YAML file would change, asks, and changes it')
    .option('--prune', 'removes connections and alert channels that it leaves out')
    .action(async (file: string, { prune }: { prune?: boolean }) => {
      const body = { yaml: readInput(file), prune: prune ?? false };
      const planned = await client.call('applyConfiguration', { body });
      if (planned.changes.length === 0) return context.show(planned, 'nothing to change');
      for (const { kind, name, action, fields } of planned.changes) {
        output.hint(`${action} ${kind} ${name}`);
        for (const { path, from, to } of fields)
          output.hint(`  ${path}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`);
      }
      await confirm(context, `${formatCount(planned.changes.length, 'change')} would be made.`);
      const applied = await client.call('applyConfiguration', { body: { ...body, confirm: true } });
      context.show(applied, `${formatCount(applied.changes.length, 'change')} made`);
    });
}

/** A line for each organisation of a connection that reads several: each is charged for what it sends. */
function organisations({ received: { accounts } }: Connection): (string | number)[][] {
  if (accounts.length < 2) return [];
  return accounts.map(({ account, todayBytes, monthBytes }) => [
    ...['', '', `  ${account}`, '', '', ''],
    ...[formatBytes(todayBytes), formatBytes(monthBytes), ''],
  ]);
}

async function checkOne({ client }: Context, name: string): Promise<Check> {
  const { checkId } = await client.call('checkConnection', { params: { name } });
  const deadline = Date.now() + CHECK_MS;
  while (Date.now() < deadline) {
    const { state, check } = await client.call('getCheck', { params: { id: checkId } });
    if (state === 'done' && check !== null) return check;
    await pause(POLL_MS);
  }
  throw new Ended(
    EXIT.notNow,
    `${name}: its tap has not looked within ${CHECK_MS / 1000} s: is it there? See pipeline doctor`,
  );
}

function showCheck({ output }: Context, name: string, check: Check): void {
  const readable = check.streams.filter(({ isReadable }) => isReadable).length;
  if (check.isOk)
    output.line(
      `${output.paint('green', '✓')} ${name}  ${check.account?.name ?? ''}  ${readable} of ${check.streams.length} streams readable`,
    );
  else
    output.line(
      `${output.paint('red', '✗')} ${name}  ${check.message ?? 'the account cannot be read'}  → ${check.remedy ?? 'see the message'}`,
    );
  for (const { stream, isReadable, reason } of check.streams)
    if (!isReadable) output.line(`    ${stream}: ${reason ?? 'not readable'}`);
}
