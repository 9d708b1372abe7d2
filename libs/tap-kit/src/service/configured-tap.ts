import type { Logger } from '@pipeline/contracts';
import { loadConfig, type Redaction } from '@pipeline/service';
import type { SelectEntry } from '../catalog/selection.ts';
import type { Tap } from '../declaration.ts';
import { readConfigFile } from '../settings/config-file.ts';
import { isConfigured, settingsFromEnvironment, variablesOf } from '../settings/environment-settings.ts';
import { parseSettings, secretsOf } from '../settings/settings.ts';

export interface ConfiguredTap<Settings> {
  settings: Settings;
  /** Undefined: all streams that are not optional. */
  select: readonly SelectEntry[] | undefined;
}

/** Reads `config.yml` and the variables it names. Undefined when nobody has given this source credentials: its pipeline is left out.
 *  @throws PipelineError `CONFIG_FILE_INVALID`, `CONFIG_INVALID` */
export function configureTap<Settings>(
  tap: Tap<Settings>,
  configPath: string,
  { logger, redaction }: { logger: Logger; redaction: Redaction },
): ConfiguredTap<Settings> | undefined {
  const file = readConfigFile(configPath);
  const variables = variablesOf(tap.settings, file);
  const { config, secrets } = loadConfig(variables);
  redaction.add(...secrets);
  for (const name of Object.keys(variables.shape)) delete process.env[name];
  const values = settingsFromEnvironment(tap.settings, file, config);
  if (!isConfigured(tap.settings, values)) {
    const names = [...file.variables.values()].map(([preferred]) => preferred);
    logger.warn({}, `no credentials, so this pipeline is left out: set ${names.join(', ')}`);
    return undefined;
  }
  const settings = parseSettings(tap.settings, values, (name) => file.variables.get(name)?.join(' or ') ?? name);
  redaction.add(...secretsOf(tap.http(settings).auth));
  return { settings, select: file.select };
}
