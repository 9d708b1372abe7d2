import { listStoredSettings, operate, refusal, storeSetting } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { RequestError } from './api/http/errors.ts';
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

  /** @throws PipelineError `SETTING_LOCKED`; RequestError when the value makes no sense */
  check(name: string, value: string | null): void {
    if (!isEditable(name) || !this.#isFree(name))
      throw refusal('SETTING_LOCKED', `${name} is set by its variable only`);
    const parsed = EDITABLE_SETTINGS[name].safeParse(value ?? undefined);
    if (value === null || parsed.success) return;
    const message = `${name}: ${parsed.error.issues[0]?.message ?? 'makes no sense'}`;
    throw new RequestError({ status: 400, code: 'REQUEST_INVALID', message, fields: [{ path: 'value', message }] });
  }

  /** Sets what no variable sets; null goes back to the default. @throws as {@link check} */
  async set(name: string, value: string | null, actor: string): Promise<void> {
    this.check(name, value);
    const entry = { actor, action: 'set-setting', target: name, details: { value } };
    await operate(this.#deps.pool, entry, (client) => storeSetting(client, name, value, actor));
    await this.refresh();
  }

  #isFree(name: EditableSetting): boolean {
    return this.#deps.settings.some((setting) => setting.name === name && setting.origin === 'default');
  }

  /** Reads again what was set on the page. */
  async refresh(): Promise<void> {
    const { pool, config } = this.#deps;
    const stored = new Map((await listStoredSettings(pool)).map(({ name, value }) => [name, value]));
    const inForce = (name: EditableSetting): number => {
      const parsed = EDITABLE_SETTINGS[name].safeParse(stored.get(name));
      return this.#isFree(name) && stored.has(name) && parsed.success ? parsed.data : config[name];
    };
    this.#values = {
      PIPELINE_INTERVAL_SECONDS: inForce('PIPELINE_INTERVAL_SECONDS'),
      PIPELINE_CONCURRENCY: inForce('PIPELINE_CONCURRENCY'),
    };
  }
}
