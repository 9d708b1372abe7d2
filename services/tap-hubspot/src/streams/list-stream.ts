import { column, type JsonSchema, objectSchema } from '@pipeline/singer';
import { defineStream, type Stream, type StreamAbout } from '@pipeline/tap-kit';
import { collectionPages } from '../reading/collection.ts';
import { type PathFamily, pathOf } from '../reading/paths.ts';
import type { Settings } from '../settings.ts';

interface ListStream {
  name: string;
  path: PathFamily;
  /** Of each list that is read, one after the other. @default one without parameters */
  queries?: Record<string, string | number | boolean>[];
  /** Columns besides the id. */
  columns: Record<string, JsonSchema>;
  isSelectedByDefault?: boolean;
  about: Omit<StreamAbout, 'deletes'>;
}

/** A stream that is read whole each time: what is in none of its lists is gone. */
export function listStream({ name, path, queries = [{}], columns, about, ...rest }: ListStream): Stream<Settings> {
  return defineStream<Settings>({
    ...rest,
    name,
    keyProperties: ['id'],
    replication: { method: 'FULL_TABLE' },
    schema: objectSchema({ id: column.key, ...columns }),
    about: { deletes: 'every read is complete', ...about },
    read: async function* ({ http, settings }) {
      for (const query of queries) {
        for await (const records of collectionPages(http, pathOf(settings, path), query)) {
          yield { type: 'records', stream: name, records };
        }
      }
      yield { type: 'deletes', stream: name, rule: { kind: 'absent' } };
    },
  });
}
