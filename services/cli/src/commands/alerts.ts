import { type Command, Option } from 'commander';
import { type Part, paged } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';
import { age, minute } from '../words.ts';

const KINDS = ['webhook', 'slack', 'email'] as const;

export function alertCommands(root: Command, context: Context): void {
  const alerts = root.command('alerts').description('where alerts go');
  listCommand(alerts, context);
  changeCommands(alerts, context);
  tryCommands(alerts, context);
  incidentCommand(root, context);
}

function listCommand(alerts: Command, { client, ...context }: Context): void {
  alerts
    .command('list')
    .description('channels, and how the last message went')
    .action(async () => {
      const page = await client.call('listAlertChannels', {});
      context.showTable(
        page,
        ['id', 'name', 'kind', 'to', 'only', 'last message', 'state'],
        page.items.map((item) => [
          ...[item.id, item.name, item.kind, item.target, item.kinds.join(', ')],
          ...[age(item.lastSentAt), item.isEnabled ? (item.lastError ?? 'on') : 'off'],
        ]),
        'nobody is told: add a channel with pipeline alerts add',
      );
    });
}

function changeCommands(alerts: Command, context: Context): void {
  const { client } = context;
  alerts
    .command('add <name> <target>')
    .description('an address of a webhook or of Slack, or of a mailbox')
    .addOption(new Option('--kind <kind>', 'what stands behind it').choices(KINDS).makeOptionMandatory())
    .option('--only <kinds...>', 'kinds of incidents, such as failed_stream; left out: all')
    .action(async (name: string, target: string, { kind, only }: { kind: (typeof KINDS)[number]; only?: string[] }) => {
      const body = { name, kind, target, kinds: only ?? [] };
      const channel = await client.call('createAlertChannel', { body });
      context.show(
        channel,
        `channel ${channel.id} to ${channel.target}; try it with pipeline alerts test ${channel.id}`,
      );
    });
  alerts
    .command('set <id>')
    .description('changes a channel; what is left out stays')
    .option('--on', 'messages go to it')
    .option('--off', 'no messages go to it')
    .option('--target <address>', 'another address')
    .option('--only <kinds...>', 'kinds of incidents')
    .action(async (id: string, { on, off, target, only }: ChannelChange) => {
      const isEnabled = on === true ? true : off === true ? false : undefined;
      if (isEnabled === undefined && target === undefined && only === undefined)
        throw new Ended(EXIT.usage, 'nothing to change: name --on, --off, --target or --only');
      const body = { isEnabled, target, kinds: only };
      const channel = await client.call('changeAlertChannel', { params: { id }, body });
      context.show(channel, `channel ${id} is ${channel.isEnabled ? 'on' : 'off'}, to ${channel.target}`);
    });
}

function tryCommands(alerts: Command, context: Context): void {
  const { client } = context;
  alerts
    .command('test <id>')
    .description('sends a message; 1 when it did not arrive')
    .action(async (id: string) => {
      const tested = await client.call('testAlertChannel', { params: { id } });
      context.showMessage(tested);
      if (!tested.isSent) throw new Ended(EXIT.failed);
    });
  alerts
    .command('remove <id>')
    .description('takes a channel away')
    .action(async (id: string) => {
      await confirm(context, `Channel ${id} is told nothing any more.`);
      const response = await client.call('removeAlertChannel', { params: { id } });
      context.show(response, `channel ${id} is removed`);
    });
}

function incidentCommand(root: Command, { client, ...context }: Context): void {
  paged(
    root
      .command('incidents')
      .description('what needed a person, newest first')
      .option('--open', 'only what still does'),
  ).action(async ({ open, limit, cursor }: Part & { open?: boolean }) => {
    const query = { limit, cursor, open: open === true ? 'true' : undefined };
    const page = await client.call('listIncidents', { query });
    context.showTable(
      page,
      ['since', 'until', 'what', 'what to do'],
      page.items.map((item) => [
        ...[minute(item.openedAt), item.closedAt === null ? '' : minute(item.closedAt)],
        ...[item.title, item.action?.command ?? item.remedy],
      ]),
      'nothing has needed a person',
    );
  });
}

interface ChannelChange {
  on?: boolean;
  off?: boolean;
  target?: string;
  only?: string[];
}
