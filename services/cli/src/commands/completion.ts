import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';

/** Commands and, after them, names that there are: pipelines, streams, runs. */
export function completionCommand(root: Command, context: Context): void {
  const { output, client } = context;
  root
    .command('completion <shell>')
    .description('for bash or zsh: source <(pipeline completion bash)')
    .action((shell: string) => {
      if (shell !== 'bash' && shell !== 'zsh')
        throw new Ended(EXIT.usage, `there is no completion for ${shell}: bash and zsh there are`);
      const bash = `_pipeline() { COMPREPLY=($(compgen -W "$(pipeline __complete "\${COMP_WORDS[1]}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}")); }\ncomplete -F _pipeline pipeline`;
      output.line(shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${bash}` : bash);
    });
  root.command('__complete [verb]', { hidden: true }).action(async (verb?: string) => {
    const verbs = root.commands.map((command) => command.name()).filter((name) => !name.startsWith('_'));
    if (verb === undefined || !verbs.includes(verb)) return output.line(verbs.join(' '));
    const own =
      root.commands.find((command) => command.name() === verb)?.commands.map((command) => command.name()) ?? [];
    if (own.length > 0) return output.line(own.join(' '));
    if (['pause', 'resume', 'check'].includes(verb))
      return output.line((await client.call('listPipelines', {})).items.map(({ connection }) => connection).join(' '));
    if (['cancel', 'retry', 'logs'].includes(verb))
      return output.line((await client.call('listRuns', { query: { limit: 20 } })).items.map(({ id }) => id).join(' '));
    output.line(
      (await client.call('listStreams', { query: {} })).items
        .map(({ connection, stream }) => `${connection}.${stream}`)
        .join(' '),
    );
  });
}
