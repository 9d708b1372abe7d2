import { LOOPBACK } from '@pipeline/local-stack';
import type { Logger } from '@pipeline/protocol';
import { until } from '@pipeline/resilience';

export interface Page {
  /** Of the scheduler. */
  port: number;
  /** Undefined: the user has set it, and knows it. */
  token: { value: string; file: string } | undefined;
}

const POLL_MS = 250;
/** A scheduler that is not up by then says in its own log why. */
const UP_MS = 60_000;

/** Says where the page is and how to get in, as soon as the scheduler responds. */
export async function announcePage({ port, token }: Page, logger: Logger, signal: AbortSignal): Promise<void> {
  const address = `http://${LOOPBACK}:${port}`;
  if (!(await until(() => isUp(`${address}/healthz`), { everyMs: POLL_MS, forMs: UP_MS, signal }))) return;
  const access = token === undefined ? 'its token is API_TOKEN' : `token ${token.value}`;
  logger.info(token === undefined ? {} : { file: token.file }, `the page is at ${address}, ${access}`);
}

async function isUp(address: string): Promise<boolean> {
  return fetch(address, { signal: AbortSignal.timeout(POLL_MS * 4) }).then(
    (response) => response.ok,
    () => false,
  );
}
