import { readFileSync } from 'node:fs';
import { parseConfigFile } from '@pipeline/tap-kit/settings';
import { Settings } from '../src/settings.ts';
import { tap } from '../src/tap.ts';

const shapes = (streams: typeof tap.streams) => streams.flatMap((stream) => [stream, ...(stream.children ?? [])]);

describe('config.yml', () => {
  const path = new URL('../config.yml', import.meta.url);
  const text = readFileSync(path, 'utf8');
  const { select, variables } = parseConfigFile(text, path.pathname);

  it('selects what is read by default, and names every other stream in a comment', () => {
    const byDefault = shapes(tap.streams.filter(({ isSelectedByDefault }) => isSelectedByDefault !== false));
    expect((select ?? []).map(({ stream }) => stream).sort()).toEqual(byDefault.map(({ name }) => name).sort());
    const commented = [...text.matchAll(/^ {2}# - ([a-z_]+)$/gm)].map(([, name]) => name);
    for (const { name } of shapes(tap.streams)) {
      expect([...byDefault.map((shape) => shape.name), ...commented]).toContain(name);
    }
  });

  it('names a variable for every setting', () => {
    expect([...variables.keys()].sort()).toEqual(Object.keys(Settings.shape).sort());
  });

  it('knows the variables of the original system', () => {
    expect(variables.get('access_token')).toEqual(['HUBSPOT_TOKEN', 'HUBSPOT_API_KEY']);
  });
});
