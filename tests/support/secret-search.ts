import { zstdDecompressSync } from 'node:zlib';
import { quoteIdent } from '@pipeline/postgres';
import { routes } from '@pipeline/protocol/api';
import type { Platform } from './platform.ts';
import { secretsOf } from './secrets-known.ts';

/** Secrets that a user may set, each of a form that nothing else has. */
export const CANARIES = {
  CREDENTIALS_KEY: 'a1b2c3d4'.repeat(8),
  WEBHOOK_SECRETS: 'hubspot=canary-of-a-webhook-secret',
  SMTP_URL: 'smtp://canary-user:canary-of-smtp@127.0.0.1:9',
};
const ZSTD_MAGIC = Buffer.from('28b52ffd', 'hex');
/** Base64 shows a text in one of three forms, as it stands among its neighbours: of three characters four. */
const BASE64_CHARACTERS = 3;
const BASE64_BITS = 6;

/** What was read, by where it stood. */
export type Places = Iterable<readonly [place: string, texts: readonly Buffer[]]>;

/** Reads the events of the page until it is told to stop. */
export function readEvents({ service, apiToken }: Pick<Platform, 'service' | 'apiToken'>): () => Promise<string> {
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

/** No secret stands in a log, a response, a metric, a table or these places; and one would be found. */
export async function expectNoSecret(platform: Platform, places: Places): Promise<void> {
  const { found, searched } = await findSecrets(platform, places);
  expect(found).toEqual([]);
  expect(searched).toEqual(
    expect.arrayContaining(['log of loader', 'metrics of scheduler', '/', '/api/now', 'pipeline.log_lines']),
  );
  const mutant = await findSecrets(platform, [['a mutant', [Buffer.from(`password ${platform.apiToken}`)]]]);
  expect(mutant.found).toEqual(['a mutant']);
}

/** Every place in which a secret of the platform stands, as it is, in base64 or URL-encoded: the given ones, logs, responses, metrics, and each row of
 *  each table. Also says where was searched. */
export async function findSecrets(
  platform: Platform,
  more: Places,
  others: readonly string[] = [],
): Promise<{ found: string[]; searched: string[]; secrets: string[] }> {
  const secrets = [...(await secretsOf(platform)), ...others];
  const needles = [...new Set(secrets.flatMap(formsOf))].map((form) => Buffer.from(form));
  const found: string[] = [];
  const searched: string[] = [];
  const search = ([place, texts]: Places extends Iterable<infer One> ? One : never) => {
    if (texts.some(({ length }) => length > 0)) searched.push(place);
    if (texts.map(opened).some((text) => needles.some((needle) => text.includes(needle)))) found.push(place);
  };
  for (const place of more) search(place);
  for (const place of await logsAndMetrics(platform)) search(place);
  for (const place of await responses(platform)) search(place);
  for await (const place of tables(platform)) search(place);
  return { found, searched, secrets };
}

/** A secret in the forms in which it travels: in base64 also as a part of something longer, as in `Authorization: Basic`. */
function formsOf(secret: string): string[] {
  const parts = Array.from({ length: BASE64_CHARACTERS }, (_, before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const first = Math.ceil((before * 8) / BASE64_BITS);
    return bytes.toString('base64').slice(first, Math.floor((bytes.length * 8) / BASE64_BITS));
  });
  return [secret.replace(/=+$/, ''), encodeURIComponent(secret), ...parts];
}

function opened(bytes: Buffer): Buffer {
  return bytes.subarray(0, ZSTD_MAGIC.length).equals(ZSTD_MAGIC) ? zstdDecompressSync(bytes) : bytes;
}

type Place = [place: string, texts: Buffer[]];

async function logsAndMetrics({ services }: Platform): Promise<Place[]> {
  const places: Place[] = [];
  for (const [name, service] of services) {
    places.push([`log of ${name}`, [Buffer.from(service.log())]]);
    for (const page of ['metrics', 'readyz']) {
      const text = await (await fetch(`${service.probesUrl()}/${page}`)).text();
      places.push([`${page === 'metrics' ? page : 'readiness'} of ${name}`, [Buffer.from(text)]]);
    }
  }
  return places;
}

/** What the page is, and every path that the newest run of each source, its pipeline, connection and streams have. */
async function responses({ service, apiToken, database }: Platform): Promise<Place[]> {
  const { rows } = await database.pool.query<{ run: string; pipeline: string; source: string; stream: string }>(
    `select distinct on (r.source) r.id as run, r.pipeline, r.source, t.stream
     from pipeline.runs r join pipeline.tasks t on t.run_id = r.id order by r.source, r.started_at desc`,
  );
  const filled = (path: string) =>
    rows.map(({ run, pipeline, source, stream }) =>
      path
        .replace('/runs/:id', `/runs/${run}`)
        .replace('/pipelines/:name', `/pipelines/${pipeline}`)
        .replace('/connections/:name', `/connections/${source}`)
        .replace(':source/:stream', `${source}/${stream}`),
    );
  const paths = Object.values(routes)
    .filter(({ method, path }) => method === 'GET' && path !== '/api/events')
    .flatMap(({ path }) => filled(path))
    .filter((path) => !path.includes(':'));
  const places: Place[] = [];
  for (const path of new Set(['/', ...paths])) {
    const response = await fetch(`${service('scheduler').url()}${path}`, {
      headers: { authorization: `Bearer ${apiToken}` },
    });
    places.push([path, [Buffer.from(`${JSON.stringify([...response.headers])}\n${await response.text()}`)]]);
  }
  return places;
}

/** Every table of every schema: each row as text, and what is bytes as bytes. */
async function* tables({ database: { pool } }: Platform): AsyncGenerator<Place> {
  const { rows } = await pool.query<{ schema: string; name: string; bytes: string[] }>(
    `select nspname as schema, relname as name,
            array(select attname::text from pg_attribute where attrelid = c.oid and atttypid = 'bytea'::regtype and not attisdropped) as bytes
     from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind = 'r' and relpersistence <> 't' and nspname not in ('pg_catalog', 'information_schema') and nspname not like 'pg_toast%'`,
  );
  for (const { schema, name, bytes } of rows) {
    const columns = ['t::text as line', ...bytes.map((column) => quoteIdent(column))];
    const { rows: lines } = await pool.query<Record<string, string | Buffer | null>>(
      `select ${columns.join(', ')} from ${quoteIdent(schema)}.${quoteIdent(name)} t`,
    );
    const text = lines.map(({ line }) => line).join('\n');
    const values = lines.flatMap((line) => bytes.flatMap((column) => bufferOf(line[column])));
    yield [`${schema}.${name}`, [Buffer.from(text), ...values]];
  }
}

function bufferOf(value: unknown): Buffer[] {
  return Buffer.isBuffer(value) ? [value] : [];
}
