import { PipelineError } from '@pipeline/protocol';
import { AcceptedQuery } from '../../src/reading/accepted-query.ts';
import type { Query } from '../../src/reading/page.ts';

const refusal = (message: string, code = 'WRIKE_INVALID_PARAMETER') =>
  new PipelineError({ code, recovery: 'fail', message });

/** An API that refuses some fields and parameters with the words given. */
function api(refused: string[], words: (name: string) => string, code?: string) {
  const asked: Query[] = [];
  const request = async (query: Query): Promise<string[]> => {
    asked.push(query);
    const fields: string[] = JSON.parse(String(query['fields'] ?? '[]'));
    const names = [...fields, ...Object.keys(query).filter((name) => name !== 'fields')];
    const name = names.find((one) => refused.includes(one));
    if (name !== undefined) throw refusal(words(name), code);
    return names.sort();
  };
  return { asked, request };
}

const wishes = { fields: ['a'], optionalFields: ['b', 'c', 'd'], core: ['since'] };
const query = { since: 'x', pageSize: 1_000 };

describe('AcceptedQuery', () => {
  it('leaves out the fields that the refusals name, and remembers them', async () => {
    const { asked, request } = api(['b', 'c'], (field) => `unknown field ${field}`);
    const accepted = new AcceptedQuery(wishes);
    await expect(accepted.ask(query, request)).resolves.toEqual(['a', 'd', 'pageSize', 'since']);
    await expect(accepted.ask(query, request)).resolves.toEqual(['a', 'd', 'pageSize', 'since']);
    expect([asked.length, accepted.refused]).toEqual([4, ['b', 'c']]);
  });

  it('leaves out a parameter that the refusal names, pageSize too', async () => {
    const { request } = api(['pageSize'], (name) => `Parameter '${name}' is not allowed`);
    await expect(new AcceptedQuery(wishes).ask(query, request)).resolves.toEqual(['a', 'b', 'c', 'd', 'since']);
  });

  it('finds out which field is refused when the refusal names none, and loses no other', async () => {
    const { request } = api(['c'], () => "Parameter 'fields' value is invalid");
    const accepted = new AcceptedQuery(wishes);
    await expect(accepted.ask(query, request)).resolves.toEqual(['a', 'b', 'd', 'pageSize', 'since']);
    expect(accepted.refused).toEqual(['c']);
  });

  it.each([
    ['a field that must be there is refused', api(['a'], () => 'unknown field a'), 1],
    ['a parameter of the core is refused', api(['since'], () => "Parameter 'since' value is invalid"), 1],
    ['the refusal is of another kind', api(['b'], () => 'fields b', 'SOURCE_FORBIDDEN'), 1],
    ['every field is refused without a name', api(['a'], () => "Parameter 'fields' value is invalid"), 6],
  ])('fails when %s', async (_, { asked, request }, requestsMax) => {
    await expect(new AcceptedQuery(wishes).ask(query, request)).rejects.toBeInstanceOf(PipelineError);
    expect(asked.length).toBeLessThanOrEqual(requestsMax);
  });

  it('would leave out a bound and read other rows if the core were not named (mutation)', async () => {
    const { request } = api(['since'], () => "Parameter 'since' value is invalid");
    const accepted = new AcceptedQuery({ ...wishes, core: [] });
    await expect(accepted.ask(query, request)).resolves.toEqual(['a', 'b', 'c', 'd', 'pageSize']);
  });
});
