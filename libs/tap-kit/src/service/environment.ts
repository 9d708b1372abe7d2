import { loadConfig, type Redaction } from '@pipeline/service/config';
import type { Tap } from '../declaration.ts';
import { type ConfigFile, readConfigFile, withSelection } from '../settings/config-file.ts';
import {
  isConfigured,
  isSecret,
  selectVariable,
  settingsFromEnvironment,
  variablesOf,
} from '../settings/environment-settings.ts';
import { settingsOf } from '../settings/settings.ts';

/** What `config.yml` and the variables that it names say: the connection that is named as its source. */
export interface Environment {
  file: ConfigFile;
  /** By setting, secrets included. They win over what is saved. */
  values: Record<string, unknown>;
  /** Setting to the variable that sets it. */
  locked: Record<string, string>;
  secrets: string[];
  /** Somebody has given this source credentials. */
  isConfigured: boolean;
}

/** Reads them, and takes the variables out of the process: nothing else needs them.
 *  @throws PipelineError `CONFIG_FILE_INVALID`, `CONFIG_INVALID` */
export function readEnvironment<Settings>(
  tap: Pick<Tap<Settings>, 'source' | 'settings'>,
  configPath: string,
  redaction: Redaction,
): Environment {
  const written = readConfigFile(configPath);
  const variables = variablesOf(tap, written);
  const { config, secrets } = loadConfig(variables);
  const select = selectVariable(tap.source);
  const file = withSelection(written, select, config[select]);
  redaction.add(...secrets);
  for (const name of Object.keys(variables.shape)) delete process.env[name];
  const values = settingsFromEnvironment(tap.settings, file, config);
  const isSet = (variable: string) => config[variable] !== undefined && config[variable] !== '';
  const locked = [...file.variables].flatMap(([setting, names]) => {
    const variable = names.find(isSet);
    return variable === undefined ? [] : [[setting, variable] as const];
  });
  const declared = new Map(settingsOf(tap.settings).map((setting) => [setting.name, setting]));
  return {
    file,
    values,
    locked: Object.fromEntries(locked),
    secrets: Object.keys(values).filter((name) => isSecret(name, declared.get(name))),
    isConfigured: isConfigured(tap.settings, values),
  };
}
