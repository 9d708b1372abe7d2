import type { Command } from 'commander';
import { type Part, paged } from '../arguments.ts';
import { expectTyped } from '../confirm.ts';
import type { Context } from '../context.ts';

export function deadLetterCommands(root: Command, context: Context): void {
  const { client } = context;
  const dead = root.command('dead').description('messages that nobody could handle');
  paged(dead.command('list').description('those that are open')).action(async ({ limit, cursor }: Part) => {
    const page = await client.call('listDeadLetters', { query: { limit, cursor } });
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
      'there is no dead letter',
    );
  });
  dead
    .command('show <id>')
    .description('one, and what may be done with it')
    .action(async (id: string) => {
      const letter = await client.call('getDeadLetter', { params: { id } });
      const commands = letter.commands.map(({ name, meaning }) => `\n  pipeline dead ${name} ${id}: ${meaning}`);
      const place = [letter.queue, letter.stream, letter.attempt?.state].filter((part) => part != null).join(', ');
      context.show(letter, `${place}: ${letter.reason}${commands.join('')}`);
    });
  for (const [verb, name, effect, description] of [
    ['replay', 'replayDeadLetter', undefined, 'sends it again'],
    [
      'skip',
      'skipDeadLetter',
      'Its rows are given up until the next full read.',
      'gives its rows up, so that the run can end',
    ],
    ['discard', 'discardDeadLetter', 'It is closed and never sent.', 'closes it without sending it'],
  ] as const) {
    dead
      .command(`${verb} <id>`)
      .description(description)
      .option('--expect <id>', 'its id, instead of typing it')
      .action(async (id: string, { expect }: { expect?: string }) => {
        if (effect !== undefined) await expectTyped(context, effect, id, expect);
        const response = await client.call(name, { params: { id } });
        context.show(response, `dead letter ${id}: ${response.outcome}`);
      });
  }
}
