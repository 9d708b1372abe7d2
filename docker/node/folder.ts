import { join } from 'node:path';

/** What `setup.ts` prepares for the other containers: a volume that only they mount. */
export const FOLDER = '/run/pipeline';

/** Variables that replace those of a container, there only under the profile demo. */
export const DEMO_ENVIRONMENT = join(FOLDER, 'demo.env');
export const DEMO_RABBITMQ_URL = join(FOLDER, 'rabbitmq-url-demo');

export const DB_PASSWORD = join(FOLDER, 'db-password');
export const RABBITMQ_PASSWORD = join(FOLDER, 'rabbitmq-password');
export const RABBITMQ_URL = join(FOLDER, 'rabbitmq-url');
export const CREDENTIALS_KEY = join(FOLDER, 'credentials-key');
export const API_TOKEN = join(FOLDER, 'api-token');
