import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { loadConfig, SECRET } from '../src/config.ts';
import { databaseFields, serviceFields } from '../src/config-fields.ts';
import { envSample } from '../src/env-sample.ts';

const schema = z.object({
  TOKEN: z.string().min(20).meta(SECRET).describe('Token of the source.'),
  ROWS_MAX: z.coerce.number().int().min(1).default(100).describe('Most rows.'),
  NOTE: z.string().optional().describe('Anything.'),
});
const TOKEN = 'a-token-of-twenty-five-ch';

describe('the configuration', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'config-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is parsed, with defaults, and names its secrets', () => {
    expect(loadConfig(schema, { TOKEN, ROWS_MAX: '7' })).toEqual({ config: { TOKEN, ROWS_MAX: 7 }, secrets: [TOKEN] });
    expect(loadConfig(schema, { TOKEN }).config.ROWS_MAX).toBe(100);
  });

  it('tells all problems at once, by name and without values', () => {
    const load = () =>
      loadConfig(z.object({ ...schema.shape, ...databaseFields }), { TOKEN: 'tooshort', DB_PORT: 'x9' });
    expect(load).toThrow('the configuration has 6 problems');
    for (const name of ['TOKEN', 'DB_PORT', 'DB_HOST: not set', 'DB_DATABASE: not set', 'DB_USERNAME', 'DB_PASSWORD']) {
      expect(load).toThrow(name);
    }
    expect(load).not.toThrow(/tooshort|x9/);
    expect(load).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', recovery: 'fix-config' }));
  });

  it('takes the value of a variable from the file that the variable with _FILE names', () => {
    const path = join(folder, 'token');
    writeFileSync(path, `${TOKEN}\n`);
    expect(loadConfig(schema, { TOKEN_FILE: path })).toMatchObject({ config: { TOKEN }, secrets: [TOKEN] });
  });

  it('refuses a variable that is set in two ways', () => {
    const path = join(folder, 'other');
    writeFileSync(path, TOKEN);
    expect(() => loadConfig(schema, { TOKEN, TOKEN_FILE: path })).toThrow('either as TOKEN or as TOKEN_FILE');
  });

  it('names the variable whose file is missing, and not the path', () => {
    const load = () => loadConfig(schema, { TOKEN_FILE: '/nowhere/secret' });
    expect(load).toThrow('TOKEN_FILE: the file cannot be read');
    expect(load).not.toThrow('nowhere');
  });
});

describe('the sample of the environment', () => {
  it('names every variable once, with its meaning, and makes what has a default a comment', () => {
    const text = envSample([
      { title: 'tap', note: 'Read this.', schema },
      { title: 'again', schema: z.object({ ...schema.shape, LOG_LEVEL: serviceFields.LOG_LEVEL }) },
    ]);
    expect(text).toContain(
      '# --- tap. Read this.\n\n# Token of the source. May be read from the file that TOKEN_FILE names.\nTOKEN=\n',
    );
    expect(text).toContain('# Most rows.\n#ROWS_MAX=100\n');
    expect(text).toContain('# Anything.\n#NOTE=\n');
    expect(text).toContain('One of debug, info, warn, error.\n#LOG_LEVEL=info\n');
    expect(text.match(/TOKEN=/g)).toHaveLength(1);
  });
});
