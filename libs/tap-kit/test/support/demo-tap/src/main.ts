import { column, isJsonObject, type Json, type JsonObject, objectSchema } from '@pipeline/singer';
import { z } from 'zod';
import { defineStream, defineTap, runTap } from '../../../../src/index.ts';

/** Page 0, 1, 2, ... of a list, until one says that it is the last. */
async function* pages(fetchPage: (page: number) => Promise<Json>): AsyncGenerator<JsonObject[]> {
  for (let page = 0; ; page += 1) {
    const body = await fetchPage(page);
    const { results, more } = isJsonObject(body) ? body : {};
    yield Array.isArray(results) ? results.filter(isJsonObject) : [];
    if (more !== true) return;
  }
}

const deals = defineStream<{ token: string; base_url: string }>({
  name: 'deals',
  keyProperties: ['id'],
  schema: objectSchema({ id: column.key, updated_at: column.dateTime, amount: column.number }),
  replication: { method: 'INCREMENTAL', key: 'updated_at' },
  children: [
    {
      name: 'deals_companies',
      keyProperties: ['deal_id', 'company_id'],
      schema: objectSchema({ deal_id: column.key, company_id: column.key }),
    },
  ],
  async *read({ http, bookmark, fullRead, startedAt }) {
    const since = fullRead ? undefined : String(bookmark?.['updated_at'] ?? '');
    for await (const records of pages((page) => http.json({ path: '/deals', query: { page, since } }))) {
      yield { type: 'records', stream: 'deals', records };
      const links = records.map((record) => ({ deal_id: record['id'] ?? null, company_id: 'c1' }));
      yield { type: 'records', stream: 'deals_companies', records: links };
      yield { type: 'checkpoint', bookmark: { updated_at: startedAt } };
    }
  },
});

const owners = defineStream<{ token: string; base_url: string }>({
  name: 'owners',
  keyProperties: ['id'],
  schema: objectSchema({ id: column.key }),
  replication: { method: 'FULL_TABLE' },
  async *read({ http }) {
    for await (const records of pages((page) => http.json({ path: '/owners', query: { page } }))) {
      yield { type: 'records', stream: 'owners', records };
    }
    yield { type: 'deletes', stream: 'owners', rule: { kind: 'absent' } };
  },
});

/** A tap of a small API, run as its own process by tests. */
await runTap(
  defineTap({
    source: 'demo',
    settings: z.object({
      token: z.string().meta({ secret: true }).describe('Token of the API.'),
      base_url: z.url().default('https://api.example.com'),
    }),
    http: ({ token, base_url }) => ({
      baseUrl: base_url,
      auth: { kind: 'bearer', token },
      limits: [{ name: 'second', requests: 100, perMs: 1_000 }],
      concurrencyMax: 4,
    }),
    connect: async (http) => {
      await http.json({ path: '/me' });
      return {};
    },
    streams: [deals, owners],
  }),
);
