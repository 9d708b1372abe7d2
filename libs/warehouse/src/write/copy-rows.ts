import { once } from 'node:events';
import { copyFrom, type PoolClient } from '@pipeline/postgres';
import { COPY_HEADER, COPY_TRAILER } from '../rows/row-encoder.ts';

/** Streams rows into a binary COPY, no faster than the server takes them. Breaking off fails the COPY.
 *  @throws whatever the rows throw, or the server's error. */
export async function copyRows(client: PoolClient, statement: string, rows: Iterable<Buffer>): Promise<void> {
  const copy = copyFrom(client, statement);
  const finished = once(copy, 'finish');
  // Errors are thrown where they are awaited; this one only keeps the process alive until then.
  finished.catch(() => undefined);
  try {
    copy.write(COPY_HEADER);
    for (const piece of rows) if (!copy.write(piece)) await Promise.race([once(copy, 'drain'), finished]);
    copy.end(COPY_TRAILER);
  } catch (error) {
    if (!copy.destroyed && copy.errored === null) await abandon(copy);
    throw error;
  }
  await finished;
}

/** Fails the COPY and waits until the connection is free for the next statement. */
async function abandon(copy: ReturnType<typeof copyFrom>): Promise<void> {
  const closed = once(copy, 'close').catch(() => undefined);
  copy.destroy();
  await closed;
}
