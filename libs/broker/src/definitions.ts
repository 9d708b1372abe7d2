import { createHash, randomBytes } from 'node:crypto';
import type { BrokerUser, Topology } from '@pipeline/protocol';

/** Who has all rights: the management page and what sets an installation up. No service logs in as it. */
export const ADMINISTRATOR = 'pipeline';

export interface DefinitionsOptions {
  topology: Topology;
  users: readonly BrokerUser[];
  /** @default '/' */
  vhost?: string;
  /** The password of a user, the administrator included. Left out, the definitions have no password: they are for reading, and nobody can log in. */
  passwordOf?: (user: string) => string;
}

const ALL_RIGHTS = { configure: '.*', write: '.*', read: '.*' };

/** A topology and its users as RabbitMQ imports them at boot (`load_definitions`), in the order in which its parts need each other. A broker that
 *  begins with them never makes `guest`. */
export function definitions({ topology, users, vhost = '/', passwordOf }: DefinitionsOptions): object {
  const { exchanges, queues, bindings } = topology;
  const login = (name: string) => (passwordOf === undefined ? {} : passwordHash(passwordOf(name)));
  return {
    vhosts: [{ name: vhost }],
    users: [
      { name: ADMINISTRATOR, ...login(ADMINISTRATOR), tags: ['administrator'] },
      ...users.map(({ name, tags }) => ({ name, ...login(name), tags })),
    ],
    permissions: [
      { user: ADMINISTRATOR, vhost, ...ALL_RIGHTS },
      ...users.map(({ name, configure, write, read }) => ({ user: name, vhost, configure, write, read })),
    ],
    topic_permissions: users.flatMap(({ name, topics }) => topics.map((topic) => ({ user: name, vhost, ...topic }))),
    exchanges: exchanges.map(({ name, type }) => ({
      ...{ name, vhost, type },
      ...{ durable: true, auto_delete: false, internal: false, arguments: {} },
    })),
    queues: queues.map((queue) => ({
      ...{ name: queue.name, vhost },
      ...{ durable: true, auto_delete: false, arguments: queue.arguments },
    })),
    bindings: bindings.map(({ exchange, queue, routingKey }) => ({
      ...{ source: exchange, vhost, destination: queue, destination_type: 'queue' },
      ...{ routing_key: routingKey, arguments: {} },
    })),
  };
}

const SALT_BYTES = 4;

/** As RabbitMQ keeps passwords: base64 of the salt and the hash of salt and password. */
function passwordHash(password: string): { password_hash: string; hashing_algorithm: string } {
  const salt = randomBytes(SALT_BYTES);
  const hash = createHash('sha256').update(salt).update(password, 'utf8').digest();
  return {
    password_hash: Buffer.concat([salt, hash]).toString('base64'),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
  };
}
