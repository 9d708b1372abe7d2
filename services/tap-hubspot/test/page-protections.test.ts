import { PipelineError } from '@pipeline/protocol';
import { isJsonObject, type Json } from '@pipeline/singer';
import type { HttpClient, HttpRequest } from '@pipeline/tap-kit';
import { clientOf } from '@pipeline/tap-kit/testing';
import { z } from 'zod';
import { associationsOf } from '../src/crm/associations.ts';
import { findType, objectTypes } from '../src/crm/object-types.ts';
import { listPages } from '../src/crm/pages.ts';
import { Settings } from '../src/settings.ts';
import { Account } from './support/account.ts';

/** What reading page by page and batch by batch relies on, each with what happens without it. */
const settings = Settings.parse({ access_token: 'pat-na1-x' });
const Inputs = z.object({ inputs: z.array(z.object({ id: z.string() })) });
const crmObject = (id: string) => ({ id, properties: {}, createdAt: 'x', updatedAt: 'x', archived: false });
const typeOf = (name: string) => {
  const found = findType(objectTypes, name);
  if (found === undefined) throw new RangeError(name);
  return found;
};

describe('a batch with an object with which every batch fails', () => {
  const arrived = async (context: Record<string, number | boolean>) => {
    const http = clientOf(async ({ body }) => {
      const ids = Inputs.parse(body).inputs.map(({ id }) => id);
      if (ids.includes('5'))
        throw new PipelineError({ code: 'SOURCE_UNAVAILABLE', recovery: 'retry', message: 'x', context });
      const to = [{ toObjectId: 10, associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 341, label: null }] }];
      return { results: ids.map((id) => ({ from: { id }, to })) };
    });
    const pair = associationsOf(typeOf('deals'), typeOf('companies'));
    const parents = Array.from({ length: 8 }, (_, index) => crmObject(String(index + 1)));
    const read = await pair.read({ http, settings }, parents).catch(() => ({ rows: [] }));
    return read.rows.length;
  };

  it('is cut in two until that object stands alone: the others arrive', async () => {
    expect(await arrived({ status: 500 })).toBe(7);
  });

  it('would bring none of the others if it failed as a whole, as a batch does that nobody may cut (mutation)', async () => {
    expect(await arrived({ status: 500, stopsRun: true })).toBe(0);
  });
});

describe('a page that is too large', () => {
  const read = async (code: string) => {
    const http = clientOf(async ({ query }) => {
      if (Number(query?.['limit']) > 10) throw new PipelineError({ code, recovery: 'fail', message: 'too large' });
      return { results: [crmObject('1')] };
    });
    const pages: string[][] = [];
    for await (const { objects } of listPages({ http, settings, typeId: '0-3' }, { properties: [] })) {
      pages.push(objects.map(({ id }) => id));
    }
    return pages;
  };

  it('becomes smaller until it fits', async () => {
    expect(await read('SOURCE_RESPONSE_TOO_LARGE')).toEqual([['1']]);
  });

  it('would fail its stream if it were not taken for one that can become smaller (mutation)', async () => {
    await expect(read('SOURCE_REFUSED')).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
  });
});

describe('a list that leads in a circle', () => {
  const PAGES_MAX = 500;
  /** Two pages that name each other. @param seen how a page is shown to the reader */
  const pagesRead = async (seen: (name: string, request: number) => string) => {
    let requests = 0;
    const json = async ({ query }: HttpRequest): Promise<Json> => {
      requests += 1;
      const next = String(query?.['after'] ?? '').startsWith('2') ? '1' : '2';
      return { results: [crmObject(seen(next, requests))], paging: { next: { after: seen(next, requests) } } };
    };
    const http: HttpClient = clientOf(json);
    let pages = 0;
    for await (const _page of listPages({ http, settings, typeId: '0-3' }, { properties: [] })) {
      pages += 1;
      if (pages >= PAGES_MAX) break;
    }
    return pages;
  };

  it('ends with an error when a page is named again', async () => {
    await expect(pagesRead((name) => name)).rejects.toMatchObject({ code: 'SOURCE_ENDLESS_PAGES' });
  });

  it('would go on for ever if it were not recognised (mutation)', async () => {
    expect(await pagesRead((name, request) => `${name}${String(request).padStart(5, '0')}`)).toBe(PAGES_MAX);
  });
});

describe('a record that changes during every read', () => {
  /** Reads three times; each time the last record changes after the first page of the search. Returns its name in the warehouse. */
  const nameAfter = async (alter: (account: Account, response: Json, startedAt: number) => Json) => {
    const account = new Account({ deals: 230 });
    const only = { select: [{ stream: 'deals' }] };
    await account.read('deals', only);
    const store = account.api.portal.objects.get('deals');
    if (store === undefined) throw new RangeError('no deals');
    const positions = [...store.live(0)];
    const last = positions.at(-1) ?? 0;
    for (let cycle = 1; cycle <= 3; cycle += 1) {
      account.clock.now += 60_000;
      for (const position of positions) store.update(position, { dealname: `before read ${cycle}` }, account.clock.now);
      account.clock.now += 10;
      const startedAt = account.clock.now;
      let searches = 0;
      account.onResponse = (request) => {
        if (request.endsWith('/search') && searches++ === 0) {
          store.update(last, { dealname: `during read ${cycle}` }, account.clock.now);
        }
      };
      account.alter = (request, response) =>
        request.includes('/search') ? alter(account, response, startedAt) : response;
      await account.read('deals', only);
    }
    return account.warehouse.live('deals').get(store.idOf(last))?.['dealname'];
  };

  it('arrives: the search has no upper bound', async () => {
    expect(await nameAfter((_account, response) => response)).toBe('during read 3');
  });

  it('would never arrive if the search ended with the time at which the read began (mutation)', async () => {
    const closed = (_account: Account, response: Json, startedAt: number): Json => {
      if (!isJsonObject(response) || !Array.isArray(response['results'])) return response;
      const results = response['results'].filter(
        (row) => isJsonObject(row) && Date.parse(String(row['updatedAt'])) <= startedAt,
      );
      return { ...response, results };
    };
    expect(await nameAfter(closed)).not.toMatch(/ read 3$/);
  });
});
