import type { Command } from 'commander';
import type { Context } from '../context.ts';

export function settingCommands(root: Command, context: Context): void {
  const { client } = context;
  const settings = root
    .command('settings')
    .description('settings in force, never a secret')
    .action(async () => {
      const page = await client.call('listSettings', {});
      context.showTable(
        page,
        ['service', 'name', 'value', 'from', 'may be set here'],
        page.items.map((item) => [
          ...[item.service, item.name, item.value ?? ''],
          ...[item.origin, item.isEditable ? 'yes' : ''],
        ]),
        'no service has told its settings yet',
      );
    });
  const change = async (name: string, value: string | null) => {
    const page = await client.call('changeSetting', { params: { name }, body: { value } });
    const inForce = page.items.find((item) => item.name === name && item.service === 'scheduler');
    context.show(page, `${name} is ${inForce?.value ?? 'not set'}, in force within a second`);
  };
  settings
    .command('set <name> <value>')
    .description('sets what no variable sets')
    .action((name: string, value: string) => change(name, value));
  settings
    .command('unset <name>')
    .description('goes back to the default')
    .action((name: string) => change(name, null));
}
