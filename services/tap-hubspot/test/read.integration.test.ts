import { jest } from '@jest/globals';
import type { Bookmark } from '@pipeline/singer';
import { uncached } from '@pipeline/tap-kit/testing';
import { Random } from '../../sandbox/src/random.ts';
import { HubspotSettings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';
import { Copy } from './copy.ts';
import { type SandboxClient, startSandboxClient } from './sandbox-client.ts';

jest.setTimeout(120_000);

const NO_LOOKBACK = { lookback_minutes: 0 };
const shapes = tap.streams.flatMap((stream) => [stream, ...(stream.children ?? [])]);

/** One pipeline: an account, a copy of it, and the bookmarks. */
class Pipeline {
  readonly sandbox: SandboxClient;
  readonly copy = new Copy(shapes);
  readonly bookmarks = new Map<string, Bookmark>();
  readonly #settings: HubspotSettings;

  constructor(sandbox: SandboxClient, settings: Partial<HubspotSettings> = {}) {
    this.sandbox = sandbox;
    this.#settings = HubspotSettings.parse({ access_token: 'pat-na1-sandbox', ...settings });
  }

  async read(name: string, options: { fullRead?: boolean; stopAfter?: number } = {}): Promise<boolean> {
    const stream = tap.streams.find((one) => one.name === name);
    if (stream === undefined) throw new RangeError(`no stream ${name}`);
    const bookmark = this.bookmarks.get(name);
    const extracts = stream.read({
      settings: this.#settings,
      http: this.sandbox.http,
      cached: uncached,
      bookmark,
      fullRead: options.fullRead ?? bookmark === undefined,
      startedAt: new Date(this.sandbox.clock.now).toISOString(),
      isSelected: () => true,
      signal: new AbortController().signal,
    });
    const loaded = await this.copy.load(extracts, options.stopAfter);
    if (loaded.bookmark !== undefined) this.bookmarks.set(name, loaded.bookmark);
    return loaded.isComplete;
  }

  async readAll(options: { fullRead?: boolean } = {}): Promise<void> {
    for (const { name } of tap.streams) await this.read(name, options);
  }

  /** Makes changes after every answer until it is called with 0. */
  changeAfterEveryAnswer(changes: number, seed = 1): void {
    const random = new Random(seed);
    this.sandbox.onAnswer.call = () => {
      for (let count = 0; count < changes; count += 1) this.sandbox.api.mutate(random);
    };
  }

  change(changes: number, seed: number): void {
    const random = new Random(seed);
    for (let count = 0; count < changes; count += 1) {
      this.sandbox.clock.now += 1;
      this.sandbox.api.mutate(random);
    }
  }

  expectExact(): void {
    const differences = this.sandbox.api
      .truth()
      .flatMap((truth) => this.copy.differences(truth).map((text) => `${truth.stream} ${text}`));
    expect(differences).toEqual([]);
  }
}

let pipelines: Pipeline[] = [];

async function startPipeline(
  account: Parameters<typeof startSandboxClient>[0],
  settings: Partial<HubspotSettings> = {},
): Promise<Pipeline> {
  const pipeline = new Pipeline(await startSandboxClient(account), settings);
  pipelines.push(pipeline);
  return pipeline;
}

afterEach(async () => {
  await Promise.all(pipelines.map(({ sandbox }) => sandbox.close()));
  pipelines = [];
});

describe('a first read', () => {
  it('brings everything there is, and nothing that was deleted', async () => {
    const pipeline = await startPipeline({ deals: 450 });
    await pipeline.readAll();
    pipeline.expectExact();
    expect(pipeline.copy.live('deals').size).toBeGreaterThan(400);
  });

  it('keeps values that are not of their type beside the column', async () => {
    const pipeline = await startPipeline({ deals: 450 });
    await pipeline.read('deals');
    const odd = [...pipeline.copy.live('deals').values()].filter((deal) => deal['_unparsed'] !== null);
    expect(odd.length).toBeGreaterThan(0);
    for (const deal of odd) expect(deal['contract_length_months']).toBeNull();
  });
});

describe('reads while rows are created, changed, archived, restored, merged and associated anew', () => {
  it.each([1, 2])('are exact once the changes stop (seed %i)', async (seed) => {
    const pipeline = await startPipeline({ deals: 450, seed }, NO_LOOKBACK);
    pipeline.changeAfterEveryAnswer(5, seed);
    await pipeline.readAll();
    await pipeline.readAll();
    pipeline.changeAfterEveryAnswer(0);
    await pipeline.readAll();
    pipeline.expectExact();
  });

  it('are exact after changes between reads, by searches alone', async () => {
    const pipeline = await startPipeline({ deals: 450 }, NO_LOOKBACK);
    await pipeline.readAll();
    for (const round of [1, 2, 3]) {
      pipeline.change(200, round);
      pipeline.sandbox.requests.length = 0;
      await pipeline.readAll();
      pipeline.expectExact();
      expect(pipeline.sandbox.requests.filter((one) => one === 'POST /crm/v3/objects/contacts/search').length).toBe(1);
    }
  });

  it('are exact when a full read comes in between', async () => {
    const pipeline = await startPipeline({ deals: 450 }, NO_LOOKBACK);
    pipeline.changeAfterEveryAnswer(3);
    await pipeline.readAll();
    await pipeline.readAll({ fullRead: true });
    pipeline.changeAfterEveryAnswer(0);
    await pipeline.readAll();
    pipeline.expectExact();
  });

  it('find with the look-back what the search index showed late', async () => {
    const pipeline = await startPipeline({ deals: 450, indexLagMs: 20_000 }, { lookback_minutes: 1 });
    await pipeline.readAll();
    pipeline.change(200, 9);
    await pipeline.readAll();
    expect(pipeline.sandbox.api.truth().flatMap((truth) => pipeline.copy.differences(truth))).not.toEqual([]);
    pipeline.sandbox.clock.now += 20_001;
    await pipeline.readAll();
    pipeline.expectExact();
  });

  it.each([3, 6])('are exact when an attempt is cut short after %i extracts and another goes on', async (stopAfter) => {
    const pipeline = await startPipeline({ deals: 2_500 }, NO_LOOKBACK);
    pipeline.changeAfterEveryAnswer(3, stopAfter);
    for (let attempts = 0; attempts < 60; attempts += 1) {
      if (await pipeline.read('deals', { stopAfter: stopAfter + attempts })) break;
    }
    for (let attempts = 0; attempts < 60; attempts += 1) {
      if (await pipeline.read('deals', { stopAfter: stopAfter + attempts })) break;
    }
    pipeline.changeAfterEveryAnswer(0);
    await pipeline.readAll();
    pipeline.expectExact();
  });
});

describe('between two readings of all associations', () => {
  it('those of changed deals are exact, and the others come right with the next', async () => {
    const refresh = 60;
    const settings = { ...NO_LOOKBACK, associations_refresh_minutes: refresh };
    const pipeline = await startPipeline({ deals: 450 }, settings);
    await pipeline.readAll();
    const before = new Date(pipeline.sandbox.clock.now).toISOString();
    pipeline.change(400, 3);
    await pipeline.readAll();

    const truth = pipeline.sandbox.api.truth();
    const rowsOf = (stream: string) => [...(truth.find((one) => one.stream === stream)?.rows ?? [])];
    const changed = new Set(
      rowsOf('deals').flatMap((deal) => (String(deal['updatedAt']) > before ? [deal['id']] : [])),
    );
    const ofChanged = (links: Iterable<Record<string, unknown>>) =>
      [...links].flatMap((link) =>
        changed.has(link['deal_id']) ? [`${link['deal_id']} ${link['company_id']} ${link['association_type_id']}`] : [],
      );
    expect(changed.size).toBeGreaterThan(20);
    expect(ofChanged(pipeline.copy.live('deals_companies').values()).sort()).toEqual(
      ofChanged(rowsOf('deals_companies')).sort(),
    );
    expect(() => pipeline.expectExact()).toThrow();

    pipeline.sandbox.clock.now += refresh * 60_000;
    await pipeline.readAll();
    pipeline.expectExact();
  });
});

describe('a search', () => {
  it('reads more than the 10,000 rows that paging by offset can reach, thousands of them with the same time', async () => {
    const pipeline = await startPipeline({ deals: 11_000 });
    pipeline.bookmarks.set('deals', { hs_lastmodifieddate: '2023-01-01T00:00:00.000Z' });
    await pipeline.read('deals');
    const times = [...pipeline.copy.live('deals').values()].map((deal) => deal['updatedAt']);
    const sameTime = times.filter((time) => time === '2025-06-01T03:00:00.250Z');
    expect(sameTime.length).toBeGreaterThan(900);
    expect(times.length).toBeGreaterThan(10_000);
    const truth = pipeline.sandbox.api.truth().filter(({ stream }) => stream.startsWith('deals'));
    expect(truth.flatMap((one) => pipeline.copy.differences(one))).toEqual([]);
  });
});

describe('rows that vanish without a trace', () => {
  it('are found by a full read', async () => {
    const pipeline = await startPipeline({ deals: 450 }, NO_LOOKBACK);
    await pipeline.readAll();
    const erased = [...pipeline.copy.live('contacts').keys()][5] ?? '';
    await pipeline.sandbox.erase('contacts', JSON.parse(erased)[0]);
    await pipeline.readAll();
    expect(pipeline.copy.live('contacts').has(erased)).toBe(true);
    await pipeline.readAll({ fullRead: true });
    pipeline.expectExact();
  });

  it('do not stop the reading of associations when they are archived in between', async () => {
    const pipeline = await startPipeline({ deals: 450 }, NO_LOOKBACK);
    const archived: Promise<void>[] = [];
    pipeline.sandbox.onAnswer.call = ({ path }) => {
      if (path !== '/crm/v3/objects/deals') return;
      const [first] = pipeline.sandbox.api
        .truth()
        .filter(({ stream }) => stream === 'deals')
        .flatMap((one) => [...one.rows]);
      archived.push(pipeline.sandbox.archive('deals', String(first?.['id'])));
    };
    await pipeline.read('deals');
    await Promise.all(archived);
    expect(archived.length).toBeGreaterThan(0);
    pipeline.sandbox.onAnswer.call = () => {};
    await pipeline.readAll();
    pipeline.expectExact();
  });
});

describe('what HubSpot works out of other objects', () => {
  it('is exact after a full read', async () => {
    const pipeline = await startPipeline({ deals: 450 }, NO_LOOKBACK);
    await pipeline.readAll();
    pipeline.change(300, 5);
    await pipeline.readAll({ fullRead: true });
    const links = [...pipeline.copy.live('deals_companies').values()].filter(
      (one) => one['association_type_id'] === 341,
    );
    const counts = new Map<unknown, number>();
    for (const { company_id } of links) counts.set(company_id, (counts.get(company_id) ?? 0) + 1);
    for (const company of pipeline.copy.live('companies').values()) {
      expect(company['num_associated_deals']).toBe(counts.get(company['id']) ?? 0);
    }
  });
});
