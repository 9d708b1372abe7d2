import { column, objectSchema } from '@pipeline/singer';
import { z } from 'zod';
import { defineStream, defineTap } from '../../src/declaration.ts';

/** A tap of two tasks, for tests that need a declaration and no source. */
export const sampleTap = defineTap({
  source: 'sample',
  settings: z.object({ token: z.string() }),
  http: ({ token }) => ({ baseUrl: 'https://api.example.com', auth: { kind: 'bearer', token }, limits: [] }),
  connect: () => Promise.resolve({}),
  streams: [
    defineStream({
      name: 'deals',
      keyProperties: ['id'],
      schema: objectSchema({
        id: column.key,
        updated_at: column.dateTime,
        amount: column.number,
        owner: { type: ['null', 'object'], properties: { name: column.string, email: column.string } },
        lines: {
          type: ['null', 'array'],
          items: { type: 'object', properties: { sku: column.string, price: column.number } },
        },
      }),
      replication: { method: 'INCREMENTAL', key: 'updated_at' },
      children: [
        {
          name: 'deals_companies',
          keyProperties: ['deal_id', 'company_id'],
          schema: objectSchema({ deal_id: column.key, company_id: column.key }),
        },
      ],
      async *read() {},
    }),
    defineStream({
      name: 'owners',
      keyProperties: ['id'],
      schema: objectSchema({ id: column.key, email: column.string }),
      replication: { method: 'FULL_TABLE' },
      async *read() {},
    }),
  ],
});
