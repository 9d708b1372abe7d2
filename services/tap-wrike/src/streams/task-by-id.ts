import { column, type JsonObject, objectSchema } from '@pipeline/singer';
import type { Extract, HttpClient, StreamShape } from '@pipeline/tap-kit';
import { IDS_MAX, readByIds } from '../reading/by-ids.ts';
import { idOf } from '../reading/page.ts';
import { stringsIn } from './bridge.ts';

/** A child stream of tasks whose rows only an endpoint by id has: a hundred ids cost one request. */
interface ByIdChild extends StreamShape {
  /** The property with the id of the task whose rows are complete when the task was read. */
  parentKey: string;
  prefix: string;
  idsOf: (tasks: readonly JsonObject[]) => string[];
  rowsOf: (row: JsonObject) => JsonObject[];
}

/** What one task waits for. Read with both tasks it connects, complete for the one that waits. */
const dependencies: ByIdChild = {
  name: 'dependencies',
  keyProperties: ['id'],
  schema: objectSchema({
    id: column.key,
    predecessorId: column.string,
    successorId: column.string,
    relationType: column.string,
    lagTime: column.integer,
  }),
  parentKey: 'successorId',
  prefix: '/dependencies/',
  idsOf: (tasks) => tasks.flatMap(({ dependencyIds }) => stringsIn(dependencyIds)),
  rowsOf: (row) => [row],
};

/** Who hears of changes. Ten requests for a thousand tasks: read only when asked for. */
const followers: ByIdChild = {
  name: 'task_followers',
  keyProperties: ['taskId', 'contactId'],
  schema: objectSchema({ taskId: column.key, contactId: column.key }),
  parentKey: 'taskId',
  prefix: '/tasks/',
  idsOf: (tasks) => tasks.map(idOf),
  rowsOf: (task) =>
    [...new Set(stringsIn(task['followerIds']))].map((contactId) => ({ taskId: idOf(task), contactId })),
};

export const BY_ID = [dependencies, followers];

/** Ids that a read remembers to have asked for; older ones may be asked for twice. */
const ASKED_MAX = 50_000;

/** Reads one child stream beside its tasks: ids wait until a request is full, and one that two tasks name is asked for once. */
export class ByIdReader {
  readonly #http: HttpClient;
  readonly #child: ByIdChild;
  readonly #asked = new Set<string>();
  #waiting: string[] = [];
  #missing = 0;

  constructor(http: HttpClient, child: ByIdChild) {
    this.#http = http;
    this.#child = child;
  }

  /** Ids for which no row came: gone or forbidden in the meantime. */
  get missing(): number {
    return this.#missing;
  }

  /** Rows of as many ids as fill requests. */
  async *take(tasks: readonly JsonObject[]): AsyncGenerator<Extract> {
    for (const id of this.#child.idsOf(tasks)) {
      if (this.#asked.has(id)) continue;
      if (this.#asked.size >= ASKED_MAX) this.#asked.clear();
      this.#asked.add(id);
      this.#waiting.push(id);
    }
    const full = this.#waiting.length - (this.#waiting.length % IDS_MAX);
    yield* this.#read(this.#waiting.splice(0, full));
  }

  /** Rows of the ids that are left at the end. */
  async *rest(): AsyncGenerator<Extract> {
    yield* this.#read(this.#waiting.splice(0));
  }

  async *#read(ids: readonly string[]): AsyncGenerator<Extract> {
    const { name, prefix, rowsOf } = this.#child;
    for await (const { rows, missing } of readByIds(this.#http, ids, { prefix })) {
      this.#missing += missing.length;
      yield { type: 'records', stream: name, records: rows.flatMap(rowsOf) };
    }
  }
}

export function* missingNotice(readers: readonly ByIdReader[]): Generator<Extract> {
  const missing = readers.reduce((sum, reader) => sum + reader.missing, 0);
  if (missing === 0) return;
  const message = `no row came for ${missing} ids that tasks name: removed since, or not allowed for the user whose token this is`;
  yield { type: 'notice', stream: 'tasks', code: 'WRIKE_MISSING_IDS', message };
}
