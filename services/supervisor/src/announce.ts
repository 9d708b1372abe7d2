import { setTimeout as sleep } from 'node:timers/promises';
import { LOOPBACK } from '@pipeline/local-stack';
import type { Logger } from '@pipeline/protocol';

export interface Page {
  /** Of the scheduler. */
  port: number;
  /** Undefined: the user has set it, and knows it. */
  token: { value: string; file: string } | undefined;
}

const POLL_MS = 250;
/** A scheduler that is not up by then says in its own log why. */
const POLLS_MAX = 240;

/** Says where the page is and how to get in, as soon as the scheduler responds. */
export async function announcePage({ port, token }: Page, logger: Logger, signal: AbortSignal): Promise<void> {
  const address = `http://${LOOPBACK}:${port}`;
  for (let polls = 0; polls < POLLS_MAX && !signal.aborted; polls += 1) {
    if (await isUp(`${address}/healthz`)) {
      const access = token === undefined ? 'its token is API_TOKEN' : `token ${token.value}`;
      return logger.info(token === undefined ? {} : { file: token.file }, `the page is at ${address}, ${access}`);
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function isUp(address: string): Promise<boolean> {
  return fetch(address, { signal: AbortSignal.timeout(POLL_MS * 4) }).then(
    (response) => response.ok,
    () => false,
  );
}
