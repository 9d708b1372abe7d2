import type { Environment } from '@pipeline/service/config';
import { type CommandLine, sourceNamed } from './command-line.ts';

/** The sources whose taps are started: those named on the command line, else in `PIPELINE_NAMES`, else all.
 *  @throws for a name without a tap. */
export function selectSources(commandLine: CommandLine, environment: Environment, known: string[]): string[] {
  if (commandLine.sources.length > 0) return commandLine.sources;
  const names = environment['PIPELINE_NAMES']?.split(/[\s,]+/).filter((name) => name !== '') ?? [];
  return names.length > 0 ? names.map((name) => sourceNamed(name, known)) : known;
}
