import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { KNOWN_CODES, remedyOf } from '../src/api/http/remedies.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** What a request may end with: a refusal, wherever it is decided, and an error of the API itself. */
const REFUSED = [/refusal\(\s*'([A-Z_]+)'/g, /new RequestError\(\{[^}]*?code: '([A-Z_]+)'/g];
/** Of the command line, which works on the database. */
const ELSEWHERE = new Set(['SCHEMA_IN_USE', 'SCHEDULER_ALIVE', 'BACKUP_INVALID', 'BACKUP_OTHER_VERSION']);

test('every refusal of the API says what to do about it', async () => {
  const codes = new Set<string>();
  for await (const file of glob(['services/scheduler/src/**/*.ts', 'libs/control/src/**/*.ts'], { cwd: ROOT })) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const form of REFUSED) for (const [, code] of text.matchAll(form)) if (code !== undefined) codes.add(code);
  }
  expect(codes.size).toBeGreaterThan(25);
  expect([...codes].filter((code) => !KNOWN_CODES.has(code) && !ELSEWHERE.has(code))).toEqual([]);
  expect(remedyOf('INTERNAL', 'a1f3')).toContain('a1f3');
});
