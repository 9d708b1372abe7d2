import type { Command } from 'commander';
import { type Part, paged, readInput, streamName } from '../arguments.ts';
import { expectTyped } from '../confirm.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';
import { second } from '../words.ts';

export function bookmarkCommands(root: Command, context: Context): void {
  const { client, showMessage } = context;
  const bookmark = root.command('state').description("a stream's bookmark");
  bookmark
    .command('get <stream>')
    .description('the bookmark in force, as JSON')
    .action(async (name: string) => {
      const { items } = await client.call('listStates', { params: streamName(name), query: { limit: 1 } });
      const current = items.find(({ isCurrent }) => isCurrent);
      if (current === undefined) throw new Ended(EXIT.failed, `${name} has no bookmark`);
      context.show(current, current.value);
    });
  paged(bookmark.command('history <stream>').description('those of former times, newest first')).action(
    async (name: string, { limit, cursor }: Part) => {
      const page = await client.call('listStates', { params: streamName(name), query: { limit, cursor } });
      context.showTable(
        page,
        ['id', 'set', 'by', 'value'],
        page.items.map(({ id, appliedAt, setBy, value }) => [id, second(appliedAt), setBy, value.slice(0, 120)]),
        `${name} has no bookmark`,
      );
    },
  );
  bookmark
    .command('set <stream> [file]')
    .description('a state from a file or standard input; --id goes back to one of former times')
    .option('--id <id>', 'of the history')
    .action(async (name: string, file: string | undefined, { id }: { id?: string }) => {
      const body = id === undefined ? jsonText(readInput(file)) : { stateId: id };
      // Sent as it was written, so that every number stays.
      showMessage(await client.call('setState', { params: streamName(name), body: body as never }));
    });
  bookmark
    .command('reset <stream>')
    .description('the next read is the first one again')
    .option('--expect <name>', "the stream's name, instead of typing it")
    .action(async (name: string, { expect }: { expect?: string }) => {
      const params = streamName(name);
      await expectTyped(
        context,
        `${name} forgets how far it was read: everything is read again.`,
        params.stream,
        expect,
      );
      showMessage(await client.call('resetState', { params, body: { expected: params.stream } }));
    });
}

/** @throws Ended */
function jsonText(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new Ended(
      EXIT.usage,
      'the bookmark is no JSON: expected {"bookmarks": {…}}, as pipeline state get prints it',
    );
  }
}
