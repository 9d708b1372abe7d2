import { Argument, type Command } from 'commander';
import type { Context } from '../context.ts';

const BASH = `_pipeline() {
  COMPREPLY=($(compgen -W "$(pipeline __complete "\${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _pipeline pipeline`;

const FISH = `complete -c pipeline -f -a '(pipeline __complete (commandline -opc)[2..] 2>/dev/null | string split " ")'`;

const SHELLS = { bash: BASH, zsh: `autoload -U +X bashcompinit && bashcompinit\n${BASH}`, fish: FISH };

const RUNS_SHOWN = 20;

/** Commands, their options, and names that there are: pipelines, streams, runs. */
export function completionCommand(root: Command, context: Context): void {
  const { output } = context;
  root
    .command('completion')
    .description('for a shell: source <(pipeline completion bash)')
    .addArgument(new Argument('<shell>').choices(Object.keys(SHELLS)))
    .action((shell: keyof typeof SHELLS) => output.line(SHELLS[shell]));
  // What was typed may hold options: they are words here.
  root
    .command('__complete [words...]', { hidden: true })
    .allowUnknownOption()
    .action(async (words: string[]) => output.line((await wordsAfter(root, context, words)).join(' ')));
}

async function wordsAfter(root: Command, context: Context, typed: string[]): Promise<string[]> {
  let command = root;
  for (const word of typed) command = command.commands.find((inner) => inner.name() === word) ?? command;
  const inner = command.commands.map((each) => each.name()).filter((name) => !name.startsWith('_'));
  const options = command.options.flatMap(({ long }) => long ?? []);
  return [...inner, ...(await namesFor(context, command)), ...options];
}

/** What there is of what a command takes, by the name of its argument. */
async function namesFor(context: Context, command: Command): Promise<string[]> {
  const [argument] = command.registeredArguments;
  if (argument === undefined) return [];
  // Commands and options are completed without a scheduler as well.
  return argument.argChoices ?? (await liveNames(context, argument.name()).catch(() => []));
}

async function liveNames({ client }: Context, takes: string): Promise<string[]> {
  const pipelines = async () => (await client.call('listPipelines', {})).items.map(({ connection }) => connection);
  const streams = async () =>
    (await client.call('listStreams', { query: {} })).items.map(({ connection, stream }) => `${connection}.${stream}`);
  switch (takes) {
    case 'pipeline':
    case 'connection':
      return pipelines();
    case 'stream':
    case 'filter':
      return streams();
    case 'targets':
      return [...(await pipelines()), ...(await streams())];
    case 'run':
      return (await client.call('listRuns', { query: { limit: RUNS_SHOWN } })).items.map(({ id }) => id);
    default:
      return [];
  }
}
