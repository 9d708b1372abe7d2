import type { Command } from 'commander';
import { expectTyped } from '../confirm.ts';
import type { Context } from '../context.ts';

export function deadLetterCommands(root: Command, context: Context): void {
  const { client } = context;
  const dead = root.command('dead').description('messages that nobody could handle');
  dead.command('list').action(async () => {
    const page = await client.call('listDeadLetters', { query: {} });
    context.showTable(
      page,
      ['id', 'queue', 'stream', 'rows', 'why', 'what may be done'],
      page.items.map((letter) => [
        letter.id,
        letter.queue,
        letter.stream ?? '',
        letter.rows ?? '',
        letter.reason,
        letter.commands.map((command) => command.name).join(', '),
      ]),
    );
  });
  for (const [verb, name, effect] of [
    ['replay', 'replayDeadLetter', undefined],
    ['skip', 'skipDeadLetter', 'Its rows are given up until the next full read.'],
    ['discard', 'discardDeadLetter', 'It is closed and never sent.'],
  ] as const) {
    dead
      .command(`${verb} <id>`)
      .option('--expect <id>')
      .action(async (id: string, { expect }: { expect?: string }) => {
        if (effect !== undefined) await expectTyped(context, effect, id, expect);
        const response = await client.call(name, { params: { id } });
        context.show(response, `dead letter ${id}: ${response.outcome}`);
      });
  }
}
