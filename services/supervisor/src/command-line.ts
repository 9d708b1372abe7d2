import { pipelineName, sourceOfPipeline } from '@pipeline/protocol';

export interface CommandLine {
  /** Read the sandbox instead of the real sources. */
  isDemo: boolean;
  /** Install what is missing, start nothing. */
  isInstall: boolean;
  /** One cycle, then stop. */
  isOnce: boolean;
  /** The sources of the pipelines that were named; none: the configuration decides. */
  sources: string[];
}

/** Reads the arguments of `run.sh`. `known` are the sources that have a tap.
 *  @throws when an argument means nothing, with what there is. */
export function parseCommandLine(args: string[], known: string[]): CommandLine {
  const commandLine: CommandLine = { isDemo: false, isInstall: false, isOnce: false, sources: [] };
  for (const argument of args) {
    if (argument === 'demo') commandLine.isDemo = true;
    else if (argument === 'install') commandLine.isInstall = true;
    else if (argument === '--once') commandLine.isOnce = true;
    else commandLine.sources.push(sourceNamed(argument, known));
  }
  return commandLine;
}

/** The source of a pipeline that exists. @throws with the pipelines there are. */
export function sourceNamed(name: string, known: string[]): string {
  const source = sourceOfPipeline(name);
  if (known.includes(source)) return source;
  const pipelines = known.map(pipelineName).join(', ');
  throw new Error(`there is no pipeline "${name}". There are: ${pipelines}. See ./run.sh --help`);
}
