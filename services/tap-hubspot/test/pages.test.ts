import { PipelineError } from '@pipeline/protocol';
import type { Json } from '@pipeline/singer';
import type { HttpClient, HttpRequest } from '@pipeline/tap-kit';
import { clientOf } from '@pipeline/tap-kit/testing';
import { z } from 'zod';
import { associationsOf } from '../src/crm/associations.ts';
import { findType, objectTypes } from '../src/crm/object-types.ts';
import { listPages, searchPages } from '../src/crm/pages.ts';
import { collectionPages } from '../src/reading/collection.ts';
import { Settings } from '../src/settings.ts';

const Inputs = z.object({ inputs: z.array(z.object({ id: z.string() })) });
const settings = Settings.parse({ access_token: 'pat-na1-x' });
const accessOf = (http: HttpClient) => ({ http, settings, typeId: '0-3' });

/** A client that returns these responses, and what it was asked. */
function scripted(responses: (Json | PipelineError)[]): { http: HttpClient; asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const json = (request: HttpRequest) => {
    asked.push(request);
    const response = responses[asked.length - 1];
    if (response === undefined) return Promise.reject(new Error('too many requests'));
    return response instanceof PipelineError ? Promise.reject(response) : Promise.resolve(response);
  };
  return { http: clientOf(json), asked };
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const crmObject = (id: string) => ({ id, properties: {}, createdAt: 'x', updatedAt: 'x', archived: false });
const search = {
  properties: ['a'],
  modifiedProperty: 'hs_lastmodifieddate',
  since: '1970-01-01T00:00:00Z',
  afterId: '0',
};

describe('listPages', () => {
  it('asks for the properties in a body when their names do not fit into the address', async () => {
    const properties = Array.from({ length: 400 }, (_, index) => `a_property_with_a_long_name_${index}`);
    const { http, asked } = scripted([{ results: [crmObject('1')] }, { results: [crmObject('1')] }]);
    const pages = await collected(listPages(accessOf(http), { properties }));
    expect(pages).toEqual([{ objects: [crmObject('1')], after: undefined, faulty: [] }]);
    expect(asked[0]?.query?.['properties']).toBe('hs_object_id');
    expect(asked[1]).toMatchObject({
      path: '/crm/objects/2026-09/0-3/batch/read',
      body: { inputs: [{ id: '1' }], properties },
    });
  });

  it('refuses a page that names itself as the next one', async () => {
    const page = { results: [], paging: { next: { after: '5' } } };
    const { http } = scripted([page, page]);
    await expect(collected(listPages(accessOf(http), { properties: [] }))).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED_RESPONSE',
    });
  });
});

describe('pages of objects that hold much', () => {
  it('become smaller, and larger again when the objects are small', async () => {
    const large = { ...crmObject('1'), properties: { hs_email_html: 'x'.repeat(4_000_001) } };
    const pages = ['a', 'b', 'c', 'd', 'e'].map((after, index) => ({
      results: [index === 0 ? large : crmObject(String(index + 1))],
      paging: { next: { after } },
    }));
    const { http, asked } = scripted([...pages, { results: [] }]);
    await collected(listPages(accessOf(http), { properties: [] }));
    expect(asked.map(({ query }) => query?.['limit'])).toEqual([100, 50, 50, 50, 50, 100]);
  });
});

describe('lists whose pages lead in a circle', () => {
  const page = (id: string, after: string) => ({ results: [crmObject(id)], paging: { next: { after } } });
  const circle = () => scripted([page('1', 'b'), page('2', 'a'), page('1', 'b'), page('2', 'a')]).http;

  it.each([
    ['objects', () => listPages(accessOf(circle()), { properties: [] })],
    ['any other collection', () => collectionPages(circle(), '/crm/owners')],
  ])('end with an error that says so: %s', async (_, pages) => {
    await expect(collected<unknown>(pages())).rejects.toMatchObject({ code: 'SOURCE_ENDLESS_PAGES' });
  });
});

describe('searchPages', () => {
  it('never pages by offset, and never asks from the epoch itself', async () => {
    const full = Array.from({ length: 200 }, (_, index) => crmObject(String(index + 1)));
    const { http, asked } = scripted([{ results: full }, { results: [] }]);
    await collected(searchPages(accessOf(http), search));
    expect(asked.map(({ body }) => body?.['after'])).toEqual([undefined, undefined]);
    expect(JSON.stringify(asked[0]?.body)).toContain('"value":"1000"');
    expect(JSON.stringify(asked[1]?.body)).toContain('"operator":"GT","value":"200"');
  });

  it('goes on after a short page that says there is more', async () => {
    const { http, asked } = scripted([
      { results: [crmObject('9'), crmObject('10')], paging: { next: { after: '2' } } },
      { results: [] },
    ]);
    await collected(searchPages(accessOf(http), search));
    expect(JSON.stringify(asked[1]?.body)).toContain('"operator":"GT","value":"10"');
  });

  it('asks again after an empty page that names a next one, and loses no row behind it', async () => {
    const { http, asked } = scripted([
      { results: [], paging: { next: { after: '200' } } },
      { results: [crmObject('700')] },
    ]);
    const pages = await collected(searchPages(accessOf(http), search));
    expect(pages.flatMap(({ objects }) => objects.map(({ id }) => id))).toEqual(['700']);
    expect(asked[1]?.body?.['after']).toBe('200');
  });

  it('refuses a search that repeats itself, instead of asking for ever', async () => {
    const full = { results: Array.from({ length: 200 }, (_, index) => crmObject(String(index + 1))) };
    const { http } = scripted([full, full, full]);
    await expect(collected(searchPages(accessOf(http), search))).rejects.toMatchObject({
      code: 'SOURCE_MALFORMED_RESPONSE',
    });
  });

  it('asks for fewer rows when a response is too large, and sets aside the one that is too large alone', async () => {
    const tooLarge = new PipelineError({ code: 'SOURCE_RESPONSE_TOO_LARGE', recovery: 'fail', message: 'too large' });
    const halvings = [200, 100, 50, 25, 12, 6, 3, 1].map(() => tooLarge);
    const { http, asked } = scripted([
      ...halvings,
      { results: [crmObject('5')], paging: { next: { after: '1' } } },
      { results: [crmObject('6')] },
      { results: [] },
    ]);
    const pages = await collected(searchPages(accessOf(http), search));
    expect(asked.slice(0, 9).map(({ body }) => body?.['limit'])).toEqual([200, 100, 50, 25, 12, 6, 3, 1, 1]);
    expect(pages[0]).toMatchObject({
      objects: [],
      faulty: [{ id: '5', error: { code: 'SOURCE_RESPONSE_TOO_LARGE' } }],
    });
    expect(pages[1]?.objects.map(({ id }) => id)).toEqual(['6']);
  });
});

const type = (name: string) => {
  const found = findType(objectTypes, name);
  if (found === undefined) throw new RangeError(name);
  return found;
};

describe('the associations of a batch of objects', () => {
  const pair = associationsOf(type('deals'), type('companies'));
  const result = (id: string, toObjectId: number, after?: string) => ({
    from: { id },
    to: [{ toObjectId, associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 341, label: null }] }],
    ...(after === undefined ? {} : { paging: { next: { after } } }),
  });
  const parents = (...ids: string[]) => ids.map((id) => crmObject(id));
  const read = (http: HttpClient, ...ids: string[]) => pair.read({ http, settings }, parents(...ids));
  const failing = (status: number) =>
    new PipelineError({
      code: status === 400 ? 'SOURCE_REFUSED' : 'SOURCE_UNAVAILABLE',
      recovery: status === 400 ? 'fail' : 'retry',
      message: 'failed',
      context: { status },
    });

  it('reads further pages of those parents only that have them', async () => {
    const { http, asked } = scripted([
      { results: [result('1', 10, 'b'), result('2', 20)] },
      { results: [result('1', 11)] },
    ]);
    const { rows } = await read(http, '1', '2');
    expect(rows.map((row) => [row['deal_id'], row['company_id']])).toEqual([
      ['1', '10'],
      ['2', '20'],
      ['1', '11'],
    ]);
    expect(asked[1]?.body).toEqual({ inputs: [{ id: '1', after: 'b' }] });
  });

  it('takes a parent without associations for what it is', async () => {
    const errors = [{ category: 'OBJECT_NOT_FOUND', subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND' }];
    const { http } = scripted([{ results: [], errors }]);
    expect(await read(http, '1')).toEqual({ rows: [], faulty: [] });
  });

  it('does not take a parent that could not be read for one without associations', async () => {
    const partial = { results: [], errors: [{ category: 'INTERNAL_ERROR' }] };
    const { http } = scripted([partial, partial, partial, partial]);
    const { faulty } = await read(http, '1');
    expect(faulty).toMatchObject([{ id: '1', error: { code: 'SOURCE_PARTIAL_RESPONSE' } }]);
  });

  it('is content when a second try reads what the first could not', async () => {
    const { http } = scripted([
      { results: [], errors: [{ category: 'INTERNAL_ERROR' }] },
      { results: [result('1', 10)] },
    ]);
    expect((await read(http, '1')).rows.length).toBe(1);
  });

  it('cuts a failing batch in two until the faulty object stands alone: the others arrive', async () => {
    const asked: string[][] = [];
    const http = clientOf(async ({ body }) => {
      const ids = Inputs.parse(body).inputs.map(({ id }) => id);
      asked.push(ids);
      if (ids.includes('5')) throw failing(500);
      return { results: ids.map((id) => result(id, 10)) };
    });
    const { rows, faulty } = await read(http, '1', '2', '3', '4', '5', '6', '7', '8');
    expect(rows.map((row) => row['deal_id']).sort()).toEqual(['1', '2', '3', '4', '6', '7', '8']);
    expect(faulty.map(({ id }) => id)).toEqual(['5']);
    expect(asked.length).toBe(7);
  });

  it('does not take a source that is down for hundreds of faulty objects', async () => {
    let asked = 0;
    const http = clientOf(async () => {
      asked += 1;
      throw failing(503);
    });
    const ids = Array.from({ length: 1_000 }, (_, index) => String(index + 1));
    await expect(read(http, ...ids)).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' });
    expect(asked).toBeLessThan(40);
  });
});
