import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where a container finds what the set-up has prepared for it: a volume that nobody else mounts. The set-up has them all, each in a folder below. */
export const FOLDER = '/run/pipeline';

/** The set-up's own: the administrators' passwords. */
export const SETUP = join(FOLDER, 'setup');

/** In the folder of a service: variables that replace those of its container. */
export const SERVICE_ENVIRONMENT = 'service.env';
/** More of them, there only under the profile demo. */
export const DEMO_ENVIRONMENT = 'demo.env';

export const DB_PASSWORD = 'db-password';
export const RABBITMQ_PASSWORD = 'rabbitmq-password';
export const RABBITMQ_URL = 'rabbitmq-url';
export const DEMO_RABBITMQ_URL = 'rabbitmq-url-demo';
export const CREDENTIALS_KEY = 'credentials-key';
export const API_TOKEN = 'api-token';
export const DEFINITIONS = 'definitions.json';

const STORES = ['setup', 'postgres', 'rabbitmq'];

/** The services that compose has given a folder. */
export function services(): string[] {
  return readdirSync(FOLDER).filter((name) => !STORES.includes(name));
}

/** The sources of the taps among them. */
export function sources(): string[] {
  return services().flatMap((name) => (name.startsWith('tap-') ? [name.slice('tap-'.length)] : []));
}
