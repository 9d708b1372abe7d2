import { PipelineError } from '@pipeline/contracts';
import { AcceptedFields } from '../src/accepted-fields.ts';

const refusal = (message: string, code = 'WRIKE_INVALID_PARAMETER') =>
  new PipelineError({ code, recovery: 'fail', message });

/** An API that refuses some fields with the words given. */
function api(refused: string[], words: (field: string) => string, code?: string) {
  const asked: string[][] = [];
  const request = async (json: string): Promise<string[]> => {
    const fields: string[] = JSON.parse(json);
    asked.push(fields);
    const field = fields.find((one) => refused.includes(one));
    if (field !== undefined) throw refusal(words(field), code);
    return fields;
  };
  return { asked, request };
}

describe('AcceptedFields', () => {
  it('leaves out the field that the refusal names, and remembers it', async () => {
    const { asked, request } = api(['b', 'c'], (field) => `unknown field ${field}`);
    const accepted = new AcceptedFields(['a', 'b', 'c', 'd'], ['b', 'c', 'd']);
    await expect(accepted.ask(request)).resolves.toEqual(['a', 'd']);
    await expect(accepted.ask(request)).resolves.toEqual(['a', 'd']);
    expect(asked).toHaveLength(4);
  });

  it('leaves out all that may be missing when the refusal names none', async () => {
    const { request } = api(['b'], () => "Parameter 'fields' value is invalid");
    await expect(new AcceptedFields(['a', 'b', 'c'], ['b', 'c']).ask(request)).resolves.toEqual(['a']);
  });

  it.each([
    ['a field that must be there is refused', api(['a'], () => 'unknown field a')],
    ['another parameter is refused', api(['b'], () => "Parameter 'updatedDate' value is invalid")],
    ['the refusal is of another kind', api(['b'], () => 'fields b', 'SOURCE_FORBIDDEN')],
  ])('fails when %s', async (_, { asked, request }) => {
    await expect(new AcceptedFields(['a', 'b'], ['b']).ask(request)).rejects.toBeInstanceOf(PipelineError);
    expect(asked).toHaveLength(1);
  });
});
