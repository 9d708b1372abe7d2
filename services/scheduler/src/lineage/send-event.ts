import type { RunEvent } from './run-event.ts';

const SEND_TIMEOUT_MS = 5_000;

export interface LineageReceiver {
  /** `http://marquez:5000` */
  url: string;
  /** Sent as a bearer token. */
  apiKey: string | undefined;
}

/** Sends an event. False: the receiver will never take it. @throws when it is away, or does not take anything now. */
export async function sendEvent({ url, apiKey }: LineageReceiver, event: RunEvent): Promise<boolean> {
  const response = await fetch(`${url.replace(/\/+$/, '')}/api/v1/lineage`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify(event),
    redirect: 'error',
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (response.ok) return true;
  if (response.status === 400 || response.status === 422) return false;
  throw new Error(`it responds with HTTP ${response.status}`);
}
