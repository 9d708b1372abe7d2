import type { Writable } from 'node:stream';
import { from } from 'pg-copy-streams';
import type { PoolClient } from './pool.ts';

/** Starts `COPY … FROM STDIN` and returns the stream that takes its text; `finish` means that the server has taken all of it.
 *  Write pieces of 64 KiB and more: each write becomes one message. Destroying the stream fails the COPY. */
export function copyFrom(client: PoolClient, statement: string): Writable {
  return client.query(from(statement));
}
