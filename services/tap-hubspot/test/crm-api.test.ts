import type { Json } from '@pipeline/singer';
import type { HttpClient, HttpRequest } from '@pipeline/tap-kit';
import { clientOf } from '@pipeline/tap-kit/testing';
import { readAssociations } from '../src/associations.ts';
import { listPages, searchPages } from '../src/crm-api.ts';

/** A client that gives these answers, and what it was asked. */
function scripted(answers: Json[]): { http: HttpClient; asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const json = (request: HttpRequest) => {
    asked.push(request);
    const answer = answers[asked.length - 1];
    return answer === undefined ? Promise.reject(new Error('too many requests')) : Promise.resolve(answer);
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
    const pages = await collected(listPages(http, 'deals', { properties }));
    expect(pages).toEqual([{ objects: [crmObject('1')], after: undefined }]);
    expect(asked[0]?.query?.['properties']).toBe('hs_object_id');
    expect(asked[1]).toMatchObject({
      path: '/crm/v3/objects/deals/batch/read',
      body: { inputs: [{ id: '1' }], properties },
    });
  });

  it('refuses a page that names itself as the next one', async () => {
    const page = { results: [], paging: { next: { after: '5' } } };
    const { http } = scripted([page, page]);
    await expect(collected(listPages(http, 'deals', { properties: [] }))).rejects.toMatchObject({
      code: 'SOURCE_INVALID_ANSWER',
    });
  });
});

describe('searchPages', () => {
  it('never pages by offset, and never asks from the epoch itself', async () => {
    const full = Array.from({ length: 200 }, (_, index) => crmObject(String(index + 1)));
    const { http, asked } = scripted([{ results: full }, { results: [] }]);
    await collected(searchPages(http, 'deals', search));
    expect(asked.map(({ body }) => body?.['after'])).toEqual([undefined, undefined]);
    expect(JSON.stringify(asked[0]?.body)).toContain('"value":"1000"');
    expect(JSON.stringify(asked[1]?.body)).toContain('"operator":"GT","value":"200"');
  });

  it('goes on after a short page that says there is more', async () => {
    const { http, asked } = scripted([
      { results: [crmObject('9'), crmObject('10')], paging: { next: { after: '2' } } },
      { results: [] },
    ]);
    await collected(searchPages(http, 'deals', search));
    expect(JSON.stringify(asked[1]?.body)).toContain('"operator":"GT","value":"10"');
  });
});

describe('readAssociations', () => {
  const pair = { from: 'deals', to: 'companies' };
  const result = (id: string, toObjectId: number, after?: string) => ({
    from: { id },
    to: [{ toObjectId, associationTypes: [{ category: 'HUBSPOT_DEFINED', typeId: 341, label: null }] }],
    ...(after === undefined ? {} : { paging: { next: { after } } }),
  });

  it('reads further pages of those parents only that have them', async () => {
    const { http, asked } = scripted([
      { results: [result('1', 10, 'b'), result('2', 20)] },
      { results: [result('1', 11)] },
    ]);
    const found = await readAssociations(http, pair, ['1', '2']);
    expect(found.map(({ fromId, toId }) => [fromId, toId])).toEqual([
      ['1', '10'],
      ['2', '20'],
      ['1', '11'],
    ]);
    expect(asked[1]?.body).toEqual({ inputs: [{ id: '1', after: 'b' }] });
  });

  it('takes a parent without associations for what it is', async () => {
    const errors = [{ category: 'OBJECT_NOT_FOUND', subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND' }];
    const { http } = scripted([{ results: [], errors }]);
    expect(await readAssociations(http, pair, ['1'])).toEqual([]);
  });

  it('does not take a parent that could not be read for one without associations', async () => {
    const partial = { results: [], errors: [{ category: 'INTERNAL_ERROR' }] };
    const { http, asked } = scripted([partial, partial, partial]);
    await expect(readAssociations(http, pair, ['1'])).rejects.toMatchObject({
      code: 'SOURCE_PARTIAL_ANSWER',
      recovery: 'retry',
    });
    expect(asked.length).toBe(3);
  });

  it('is content when a second try reads what the first could not', async () => {
    const { http } = scripted([
      { results: [], errors: [{ category: 'INTERNAL_ERROR' }] },
      { results: [result('1', 10)] },
    ]);
    expect((await readAssociations(http, pair, ['1'])).length).toBe(1);
  });
});
