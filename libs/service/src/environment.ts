import { readFileSync } from 'node:fs';
import { config as dotenv } from 'dotenv';

/** Names to texts. A variable that is set to nothing is left out: compose passes `HUBSPOT_TOKEN=` for an unset one. */
export type Environment = Record<string, string>;

const FILE_SUFFIX = '_FILE';

/** The variables of the process, then those of `.env` in the working directory that the process does not set. */
export function processEnvironment(): Environment {
  const fromFile: Environment = {};
  dotenv({ quiet: true, processEnv: fromFile });
  return withoutEmpty({ ...fromFile, ...withoutEmpty(process.env) });
}

/** Replaces `NAME_FILE=/run/secrets/x` by `NAME=<contents without the final line break>`, for every name given.
 *  Problems are told by name: two sources for one variable, a file that cannot be read. */
export function readFileVariables(
  environment: Environment,
  names: string[],
): { environment: Environment; problems: string[] } {
  const resolved = { ...environment };
  const problems: string[] = [];
  for (const name of names) {
    const path = environment[name + FILE_SUFFIX];
    if (path === undefined) continue;
    if (environment[name] !== undefined) {
      problems.push(`${name}: set once, either as ${name} or as ${name}${FILE_SUFFIX}`);
      continue;
    }
    try {
      resolved[name] = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    } catch {
      problems.push(`${name}${FILE_SUFFIX}: the file cannot be read`);
    }
  }
  return { environment: withoutEmpty(resolved), problems };
}

function withoutEmpty(environment: NodeJS.ProcessEnv): Environment {
  const filled: Environment = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && value !== '') filled[name] = value;
  }
  return filled;
}
