import { CHANNEL_SECRET_NAME, type EncryptionKey, noteChannel, type StoredChannel } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { decryptValue } from '../access/encryption.ts';
import type { AlertMessage } from './message.ts';

const SEND_TIMEOUT_MS = 10_000;

export interface SendDeps {
  pool: Pool;
  key: EncryptionKey | undefined;
  /** `smtp://user:password@host:587`. Undefined: no e-mail can be sent. */
  smtpUrl?: string | undefined;
  mailFrom?: string | undefined;
}

const Target = z.object({ target: z.string() });

/** Sends a message by a channel, and notes how that went. Returns what went wrong; null: it was taken. */
export async function sendTo(deps: SendDeps, channel: StoredChannel, message: AlertMessage): Promise<string | null> {
  let error: string | null = null;
  try {
    const { target } = decryptValue(deps.key, CHANNEL_SECRET_NAME, channel.sealed, Target);
    if (channel.kind === 'email') await sendMail(deps, target, message);
    else await post(target, channel.kind === 'slack' ? slackBody(message) : webhookBody(message));
  } catch (problem) {
    error = reasonOf(problem);
  }
  await noteChannel(deps.pool, channel.id, error);
  return error;
}

async function post(target: string, body: object): Promise<void> {
  const response = await fetch(target, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it responds with HTTP ${response.status}`);
}

async function sendMail({ smtpUrl, mailFrom }: SendDeps, to: string, message: AlertMessage): Promise<void> {
  if (smtpUrl === undefined) throw new Error('SMTP_URL is not set: no e-mail can be sent');
  const transport = createTransport(smtpUrl, { from: mailFrom ?? 'pipeline@localhost' });
  try {
    await transport.sendMail({ to, subject: `[pipeline] ${message.title}`, text: message.lines.join('\n') });
  } finally {
    transport.close();
  }
}

const slackBody = ({ title, lines }: AlertMessage) => ({
  text: `*${escaped(title)}*\n${lines.map(escaped).join('\n')}`,
});

/** Slack's own rule for text that is no markup. */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const webhookBody = ({ title, lines, event, incident }: AlertMessage) => ({
  event,
  title,
  text: lines.join('\n'),
  incident,
});

/** The text of an error without the address, which is a secret. */
function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return `it did not respond within ${SEND_TIMEOUT_MS / 1000} s`;
  if (!(error instanceof Error)) return 'it cannot be reached';
  const cause: unknown = Reflect.get(error.cause ?? {}, 'code');
  if (typeof cause === 'string') return `it cannot be reached (${cause})`;
  return error.message.replace(/https?:\/\/\S+/g, 'its address').slice(0, 300);
}
