import { column, isJsonObject, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream, defineTap, type HttpClient, runTap } from '@pipeline/tap-kit';
import { z } from 'zod';

interface Settings {
  base_url: string;
}

/** A log without a key, read from a position on: each row must arrive once, and nothing but the ledger and the clean-up at claim sees to it. */
const log = (name: string) =>
  defineStream<Settings>({
    name,
    keyProperties: [],
    schema: objectSchema({ position: column.integer, text: column.string }),
    replication: { method: 'INCREMENTAL', key: 'position' },
    async *read({ http, bookmark }) {
      let from = Number(bookmark?.['position'] ?? 0);
      for (;;) {
        const records = await page(http, `/${name}`, { from });
        if (records.length === 0) return;
        from += records.length;
        yield { type: 'records', stream: name, records };
        yield { type: 'checkpoint', bookmark: { position: from } };
      }
    },
  });

/** A list that is read whole: what is missing in it is gone. */
const items = defineStream<Settings>({
  name: 'items',
  keyProperties: ['id'],
  schema: objectSchema({ id: column.key, text: column.string }),
  replication: { method: 'FULL_TABLE' },
  async *read({ http }) {
    let after = '';
    for (;;) {
      const records = await page(http, '/items', { after });
      if (records.length === 0) break;
      after = String(records.at(-1)?.['id']);
      yield { type: 'records', stream: 'items', records };
    }
    yield { type: 'deletes', stream: 'items', rule: { kind: 'absent' } };
  },
});

async function page(http: HttpClient, path: string, query: Record<string, string | number>): Promise<JsonObject[]> {
  const body = await http.json({ path, query });
  return Array.isArray(body) ? body.filter(isJsonObject) : [];
}

await runTap(
  defineTap<Settings>({
    source: 'chaos',
    settings: z.object({ base_url: z.url() }),
    http: ({ base_url }) => ({
      baseUrl: base_url,
      auth: { kind: 'bearer', token: 'none' },
      limits: [{ name: 'second', requests: 10_000, perMs: 1_000 }],
      concurrencyMax: 4,
    }),
    connect: async () => ({}),
    streams: [log('events'), log('large'), items],
  }),
);
