import { z } from 'zod';
import { type Route, routes } from '../src/api/index.ts';

const list = Object.entries(routes) as [string, Route][];

describe('the routes of the API', () => {
  it('has no method and path twice', () => {
    const places = list.map(([, { method, path }]) => `${method} ${path.replace(/:\w+/g, ':')}`);
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  it.each(list)('%s names exactly the parameters of its path', (_, { path, params }) => {
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
    const declared = params instanceof z.ZodObject ? Object.keys(params.shape) : [];
    expect(declared).toEqual(inPath);
  });

  it.each(list)('%s can be described as JSON schema', (_, route) => {
    for (const schema of [route.params, route.query, route.body]) {
      if (schema !== undefined) expect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })).toBeDefined();
    }
    expect(z.toJSONSchema(route.response, { unrepresentable: 'any' })).toBeDefined();
  });

  it('lets only a login, a consent page and nothing else in without a login', () => {
    expect(list.filter(([, { role }]) => role === 'public').map(([name]) => name)).toEqual(['login', 'finishConsent']);
  });

  it('changes nothing with GET, and asks for more than a viewer wherever something changes', () => {
    const changing = list.filter(([, { method, role }]) => method !== 'GET' && role === 'viewer');
    expect(changing.map(([name]) => name)).toEqual(['logout', 'previewSchedule']);
  });
});
