import { type HistoryEvent, history } from '@pipeline/probe';

/** Notes what happens to a batch between us and the broker. Other messages have no history. */
export function noteBatch(
  event: Extract<HistoryEvent['event'], 'publish' | 'confirm' | 'deliver' | 'ack'>,
  message: { type?: unknown; headers?: object | undefined },
  more: { redelivered?: boolean } = {},
): void {
  if (message.type === 'batch') history(event, { ...message.headers, ...more });
}
