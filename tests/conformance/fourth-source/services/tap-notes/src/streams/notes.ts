import { column, isJsonObject, objectSchema } from '@pipeline/singer';
import { defineStream } from '@pipeline/tap-kit';
import type { Settings } from '../settings.ts';

export const notes = defineStream<Settings>({
  name: 'notes',
  keyProperties: ['id'],
  replication: { method: 'FULL_TABLE' },
  schema: objectSchema({ id: column.key, text: column.string }),
  read: async function* ({ http }) {
    const response = await http.json({ path: '/notes' });
    const records = Array.isArray(response) ? response.filter((row) => isJsonObject(row)) : [];
    yield { type: 'deletes', stream: 'notes', rule: { kind: 'absent' } };
    yield { type: 'records', stream: 'notes', records };
  },
});
