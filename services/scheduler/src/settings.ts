import { listStoredSettings } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { type Config, config as variables } from './config.ts';

const { PIPELINE_INTERVAL_SECONDS, PIPELINE_CONCURRENCY } = variables.shape;

/** Settings that the page may set where no variable does. They are in force within a second, on every replica. */
export const EDITABLE_SETTINGS = { PIPELINE_INTERVAL_SECONDS, PIPELINE_CONCURRENCY } as const;
export type EditableSetting = keyof typeof EDITABLE_SETTINGS;

export const isEditable = (name: string): name is EditableSetting => Object.hasOwn(EDITABLE_SETTINGS, name);

export interface LiveSettingsDeps {
  pool: Pool;
  config: Config;
  /** Which variables are set. */
  settings: readonly { name: string; origin: 'default' | 'environment' }[];
}

/** The settings in force: a variable's, else what was set on the page, else the default. */
export class LiveSettings {
  readonly #deps: LiveSettingsDeps;
  #values: Pick<Config, EditableSetting>;

  constructor(deps: LiveSettingsDeps) {
    this.#deps = deps;
    this.#values = deps.config;
  }

  /** The configuration with what was set on the page. */
  get config(): Config {
    return { ...this.#deps.config, ...this.#values };
  }

  /** Seconds between cycles of pipelines that have no schedule of their own. */
  get intervalSeconds(): number {
    return this.#values.PIPELINE_INTERVAL_SECONDS;
  }

  /** Reads again what was set on the page. */
  async refresh(): Promise<void> {
    const { pool, config, settings } = this.#deps;
    const stored = new Map((await listStoredSettings(pool)).map(({ name, value }) => [name, value]));
    const inForce = (name: EditableSetting): number => {
      const isFree = settings.some((setting) => setting.name === name && setting.origin === 'default');
      const parsed = EDITABLE_SETTINGS[name].safeParse(stored.get(name));
      return isFree && stored.has(name) && parsed.success ? parsed.data : config[name];
    };
    this.#values = {
      PIPELINE_INTERVAL_SECONDS: inForce('PIPELINE_INTERVAL_SECONDS'),
      PIPELINE_CONCURRENCY: inForce('PIPELINE_CONCURRENCY'),
    };
  }
}
