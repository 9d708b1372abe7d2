import { z } from 'zod';
import type { Config } from '../config.ts';

const TIMEOUT_MS = 2_000;
const COLUMNS =
  'name,messages,consumers,message_bytes,message_stats.publish,message_stats.ack_details.rate,message_stats.deliver_get_details.rate';

const Rate = z.object({ rate: z.number() }).optional();
const Queues = z.array(
  z.object({
    name: z.string(),
    messages: z.number().default(0),
    consumers: z.number().default(0),
    message_bytes: z.number().default(0),
    message_stats: z.object({ publish: z.number().optional(), ack_details: Rate }).optional(),
  }),
);

/** A queue as RabbitMQ's management interface sees it; its figures are some seconds old. */
export interface ManagedQueue {
  name: string;
  messages: number;
  consumers: number;
  bytes: number;
  /** Messages that ever came in. */
  published: number;
  /** Messages that were taken, a second. */
  perSecond: number;
}

/** Reads every queue of the virtual host. @throws Error when the interface cannot be reached, or refuses the user */
export type ManagementApi = () => Promise<ManagedQueue[]>;

/** The management interface that the configuration names. Undefined: none. */
export function managementApi(
  config: Pick<Config, 'RABBITMQ_URL' | 'RABBITMQ_MANAGEMENT_URL'>,
): ManagementApi | undefined {
  if (config.RABBITMQ_MANAGEMENT_URL === undefined) return undefined;
  const broker = new URL(config.RABBITMQ_URL);
  const base = new URL(config.RABBITMQ_MANAGEMENT_URL);
  const { username, password } = base.username === '' ? broker : base;
  const vhost = broker.pathname.length > 1 ? broker.pathname.slice(1) : '%2F';
  const url = new URL(`${base.pathname.replace(/\/$/, '')}/api/queues/${vhost}?columns=${COLUMNS}`, base.origin);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  return async () => {
    const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`RabbitMQ's management interface responds with ${response.status}`);
    return Queues.parse(await response.json()).map(({ name, messages, consumers, message_bytes, message_stats }) => ({
      ...{ name, messages, consumers, bytes: message_bytes },
      published: message_stats?.publish ?? 0,
      perSecond: message_stats?.ack_details?.rate ?? 0,
    }));
  };
}
