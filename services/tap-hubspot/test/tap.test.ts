import { readFileSync } from 'node:fs';
import { parseConfigFile } from '@pipeline/tap-kit';
import { tap } from '../src/tap.ts';

describe('config.yml', () => {
  const path = new URL('../config.yml', import.meta.url);
  const { select, variables } = parseConfigFile(readFileSync(path, 'utf8'), path.pathname);

  it('selects streams that there are', () => {
    const known = tap.streams.flatMap((stream) => [stream, ...(stream.children ?? [])]).map(({ name }) => name);
    expect((select ?? []).map(({ stream }) => stream).sort()).toEqual(known.sort());
  });

  it('knows the variables of the original system', () => {
    expect(variables.get('access_token')).toEqual(['HUBSPOT_TOKEN', 'HUBSPOT_API_KEY']);
  });
});
