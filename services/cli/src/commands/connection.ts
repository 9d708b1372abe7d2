import { formatCount } from '@pipeline/protocol/format';
import type { Command } from 'commander';
import { expectTyped } from '../confirm.ts';
import type { Context } from '../context.ts';

/** One connection. New ones and changes come by `apply`. */
export function connectionDetailCommands(root: Command, context: Context): void {
  const { client, output } = context;
  const connection = root.command('connection').description('one account that is read');
  connection
    .command('show <connection>')
    .description('settings, streams, schedule; secrets by name only')
    .action(async (name: string) => {
      const found = await client.call('getConnection', { params: { name } });
      if (context.isJson()) return output.json(found);
      output.line(`${found.label}  ${found.pipeline} → schema ${found.targetSchema}, made by ${found.origin}`);
      output.line(`streams   ${found.streamsSelected} selected${found.selection.select === null ? ' by default' : ''}`);
      for (const [setting, value] of Object.entries(found.settings)) {
        const variable = found.locked.find((each) => each.setting === setting)?.variable;
        output.line(
          `setting   ${setting} = ${JSON.stringify(value)}${variable === undefined ? '' : `, by ${variable}`}`,
        );
      }
      for (const { name: secret, setAt } of found.secrets)
        output.line(`secret    ${secret}, set ${setAt === null ? 'by a variable' : setAt.slice(0, 10)}`);
    });
  connection
    .command('remove <connection>')
    .description('its secrets go at once, its history stays')
    .option('--drop-tables', 'its tables go too')
    .option('--expect <name>', "the connection's name, instead of typing it")
    .action(async (name: string, { dropTables, expect }: { dropTables?: boolean; expect?: string }) => {
      const { tables, rows, models } = await client.call('getDependents', { params: { name } });
      const fate = dropTables === true ? 'are dropped' : 'stay';
      const effect = `${formatCount(tables.length, 'table')} with ${formatCount(rows, 'row')} ${fate}; ${formatCount(models.length, 'model')} depend on them.`;
      await expectTyped(context, effect, name, expect);
      const body = { expected: name, dropTables: dropTables ?? false };
      const response = await client.call('removeConnection', { params: { name }, body });
      context.show(response, `${name} is removed`);
    });
  root
    .command('sources')
    .description('what can be connected: the taps that have described themselves')
    .action(async () => {
      const page = await client.call('listSources', {});
      context.showTable(
        page,
        ['source', 'version', 'streams', 'requests a day', 'consent page', 'tap'],
        page.items.map((item) => [
          ...[item.source, item.version, item.streams.length, item.requestsPerDay ?? 'no such limit'],
          ...[item.consent === null ? 'no' : 'yes', item.isAlive ? 'there' : 'away'],
        ]),
        'no tap has described itself yet: start one',
      );
    });
}
