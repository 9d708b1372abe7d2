import type { Logger } from '@pipeline/contracts';
import { loadConfig, type Redaction } from '@pipeline/service';
import { readConfigFile } from '../config-file.ts';
import type { Tap } from '../declaration.ts';
import { type Selection, selectStreams } from '../selection.ts';
import { parseSettings, secretsOf } from '../settings.ts';
import { listStreams } from '../stream-list.ts';
import { isConfigured, settingsFromEnvironment, variablesOf } from './environment-settings.ts';

export interface ConfiguredTap<Settings> {
  settings: Settings;
  selection: Selection;
}

/** Reads `config.yml` and the variables it names. Undefined when nobody has given this source credentials: its pipeline is left out.
 *  @throws PipelineError `CONFIG_FILE_INVALID`, `CONFIG_INVALID`, `UNKNOWN_STREAM` */
export function configureTap<Settings>(
  tap: Tap<Settings>,
  configPath: string,
  { logger, redaction }: { logger: Logger; redaction: Redaction },
): ConfiguredTap<Settings> | undefined {
  const known = listStreams(tap).map(({ shape }) => shape.name);
  logger.info({ streams: known.length }, 'discovery of the catalog');
  const file = readConfigFile(configPath);
  const selection = selectStreams(known, file.select);
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
  logger.info({ selected: known.filter(selection.isSelected) }, 'catalog and selection applied');
  return { settings, selection };
}
