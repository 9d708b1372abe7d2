import type { Broker, Publisher } from '@pipeline/broker';
import type { EncryptionKey } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import type { EventHub } from '../events/hub.ts';
import type { NowReader } from '../observe/now-reader.ts';
import type { QueueReader } from '../observe/queues.ts';
import type { LiveSettings } from '../settings.ts';

/** What the handlers of the API work with. */
export interface ApiDeps {
  pool: Pool;
  broker: Pick<Broker, 'health' | 'notReadyBecause'>;
  publisher: Publisher;
  /** Undefined: CREDENTIALS_KEY is not set, and nothing secret can be saved. */
  key: EncryptionKey | undefined;
  now: NowReader;
  events: EventHub;
  version: string;
  settings: LiveSettings;
  queues: QueueReader;
  dataPath: string;
  /** `smtp://user:password@host:587`. Undefined: no e-mail can be sent. */
  smtpUrl?: string | undefined;
  mailFrom?: string | undefined;
  /** Where people reach this server, for consent pages. Undefined: as the request was addressed. */
  publicUrl: string | undefined;
  /** The schedule has something new to look at. */
  wake: () => void;
}
