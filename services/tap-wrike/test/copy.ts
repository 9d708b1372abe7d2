import { PipelineError } from '@pipeline/contracts';
import { type Json, type JsonObject, parseJson } from '@pipeline/singer';
import type { HttpClient, Stream } from '@pipeline/tap-kit';
import { clientOf, uncached } from '@pipeline/tap-kit/testing';
import { failure } from '../src/access.ts';
import { Settings } from '../src/settings.ts';

const TRIES_MAX = 5;

/** A client without limits and waits: it asks again at once when the source is in trouble. */
export function plainClient(baseUrl: string, token: string, beforeRequest: () => void = () => undefined): HttpClient {
  const ask = async (url: URL): Promise<Json | undefined> => {
    beforeRequest();
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const json = parseJson((await response.text()) || 'null');
    if (response.ok) return json;
    if (response.status === 429 || response.status >= 500) return undefined;
    const answer = { status: response.status, headers: {}, json, method: 'GET', path: url.pathname };
    const { code, recovery, message } = failure(answer) ?? { code: 'OTHER', recovery: 'fail', message: 'refused' };
    throw new PipelineError({ code, recovery, message });
  };
  return clientOf(async ({ path, query = {} }) => {
    const url = new URL(`${baseUrl}/api/v4${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
      const answer = await ask(url).catch((error: unknown) => {
        if (error instanceof PipelineError) throw error;
        return undefined;
      });
      if (answer !== undefined) return answer;
    }
    throw new Error(`no answer after ${TRIES_MAX} tries: ${url.pathname}`);
  });
}

/** What a loader holds after reading a stream again and again: rows by stream and key, tombstones, bookmark. */
export class Copy {
  readonly #stream: Stream<Settings>;
  readonly #rows = new Map<string, Map<string, JsonObject | undefined>>();
  #bookmark: JsonObject | undefined;
  /** Whether the last read proved what is gone. */
  wasComplete = false;
  /** Records of the last read. */
  records = 0;

  constructor(stream: Stream<Settings>) {
    this.#stream = stream;
  }

  async read(http: HttpClient, startedAt: string): Promise<void> {
    const brought = new Map<string, Set<string>>();
    let bookmark: JsonObject | undefined;
    this.wasComplete = false;
    this.records = 0;
    const context = {
      settings: Settings.parse({ token: 'unused' }),
      http,
      cached: uncached,
      bookmark: this.#bookmark,
      fullRead: this.#bookmark === undefined,
      startedAt,
      isSelected: () => true,
      signal: new AbortController().signal,
    };
    for await (const extract of this.#stream.read(context)) {
      if (extract.type === 'checkpoint') bookmark = extract.bookmark;
      else if (extract.type === 'records') {
        this.records += extract.records.length;
        for (const record of extract.records) entry(brought, extract.stream).add(this.#apply(extract.stream, record));
      } else if (extract.type === 'deletes' && extract.rule.kind === 'absent') {
        this.wasComplete = true;
        const rows = this.#of(extract.stream);
        for (const key of rows.keys()) if (!brought.get(extract.stream)?.has(key)) rows.set(key, undefined);
      }
    }
    this.#bookmark = bookmark;
  }

  /** Live rows by key. */
  live(stream: string): Map<string, JsonObject> {
    const live = new Map<string, JsonObject>();
    for (const [key, row] of this.#of(stream)) if (row) live.set(key, row);
    return live;
  }

  #apply(stream: string, record: JsonObject): string {
    const shape = [this.#stream, ...(this.#stream.children ?? [])].find(({ name }) => name === stream);
    const key = JSON.stringify((shape?.keyProperties ?? []).map((property) => record[property]));
    this.#of(stream).set(key, record['_sdc_deleted_at'] ? undefined : record);
    return key;
  }

  #of(stream: string): Map<string, JsonObject | undefined> {
    const known = this.#rows.get(stream);
    if (known) return known;
    const rows = new Map<string, JsonObject | undefined>();
    this.#rows.set(stream, rows);
    return rows;
  }
}

function entry(sets: Map<string, Set<string>>, name: string): Set<string> {
  const known = sets.get(name);
  if (known) return known;
  const set = new Set<string>();
  sets.set(name, set);
  return set;
}
