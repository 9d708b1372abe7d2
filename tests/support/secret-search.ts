import { routes } from '@pipeline/contracts/api';
import { quoteIdent } from '@pipeline/postgres';
import type { OwnStack } from './own-stack.ts';

/** Secrets that a user may set, each of a form that nothing else has. */
export const CANARIES = {
  CREDENTIALS_KEY: 'a1b2c3d4'.repeat(8),
  WEBHOOK_SECRETS: 'hubspot=canary-of-a-webhook-secret',
  SMTP_URL: 'smtp://canary-user:canary-of-smtp@127.0.0.1:9',
};
/** What opens the sandbox, as the tap was told. */
const SANDBOX_TOKEN = 'hubspot-sandbox-token';
/** A password that everybody knows proves nothing. */
const CHARACTERS_MIN = 12;

/** Reads the events of the page until it is told to stop. */
export function readEvents({ service, apiToken }: Pick<OwnStack, 'service' | 'apiToken'>): () => Promise<string> {
  const stopping = new AbortController();
  let text = '';
  const reading = (async () => {
    const headers = { authorization: `Bearer ${apiToken}` };
    const response = await fetch(`${service('scheduler').url()}/api/events`, { headers, signal: stopping.signal });
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  })().catch(() => undefined);
  return async () => {
    stopping.abort();
    await reading;
    return text;
  };
}

/** No secret stands in a log, a response, a metric, a table or these events; and one would be found. */
export async function expectNoSecret(platform: OwnStack, events: string): Promise<void> {
  expect(events).toContain('data:');
  const { found, searched } = await findSecrets(platform, { 'events of the page': events });
  expect(found).toEqual([]);
  expect(Object.keys(searched)).toEqual(
    expect.arrayContaining(['log of loader', 'metrics of scheduler', '/', '/api/now', 'pipeline.log_lines']),
  );
  const mutant = await findSecrets(platform, { 'a mutant': `password ${platform.apiToken}` });
  expect(mutant.found).toEqual(['a mutant']);
}

/** Every place in which one of the secrets stands, as it is, base64 or URL-encoded: logs, responses, metrics, the given texts, and each row of the schema
 *  `pipeline` as text. Also says how much was searched. */
async function findSecrets(
  platform: OwnStack,
  more: Record<string, string>,
): Promise<{ found: string[]; searched: Record<string, number> }> {
  const { postgres, rabbitmq } = platform.servers.connections;
  const values = [platform.apiToken, SANDBOX_TOKEN, postgres.password, rabbitmq.password, ...Object.values(CANARIES)];
  const secrets = values.map((value) => value.split(/=|:\/\//).at(-1) ?? value).filter(isSecret);
  const needles = secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    encodeURIComponent(secret),
  ]);
  const texts = {
    ...more,
    ...(await logsAndMetrics(platform)),
    ...(await responses(platform)),
    ...(await tables(platform)),
  };
  const entries = Object.entries(texts);
  return {
    found: entries.flatMap(([place, text]) => (needles.some((needle) => text.includes(needle)) ? [place] : [])),
    searched: Object.fromEntries(entries.map(([place, text]) => [place, text.length])),
  };
}

const isSecret = (value: string): boolean => value.length >= CHARACTERS_MIN;

async function logsAndMetrics({ services }: OwnStack): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, service] of services) {
    texts[`log of ${name}`] = service.log();
    texts[`metrics of ${name}`] = await (await fetch(`${service.probesUrl()}/metrics`)).text();
    texts[`readiness of ${name}`] = await (await fetch(`${service.probesUrl()}/readyz`)).text();
  }
  return texts;
}

/** What the page is, and what it reads without a parameter. */
async function responses({ service, apiToken }: OwnStack): Promise<Record<string, string>> {
  const paths = Object.values(routes)
    .filter((route) => route.method === 'GET' && !route.path.includes(':') && route.path !== '/api/events')
    .map(({ path }) => path);
  const texts: Record<string, string> = {};
  for (const path of ['/', ...paths]) {
    const response = await fetch(`${service('scheduler').url()}${path}`, {
      headers: { authorization: `Bearer ${apiToken}` },
    });
    texts[path] = `${JSON.stringify([...response.headers])}\n${await response.text()}`;
  }
  return texts;
}

async function tables({ database: { pool } }: OwnStack): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'pipeline'::regnamespace and relkind = 'r'`,
  );
  const texts: Record<string, string> = {};
  for (const { name } of rows) {
    const { rows: lines } = await pool.query<{ line: string }>(
      `select t::text as line from pipeline.${quoteIdent(name)} t`,
    );
    texts[`pipeline.${name}`] = lines.map(({ line }) => line).join('\n');
  }
  return texts;
}
