import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const MODULE = join(import.meta.dirname, '..', 'src', 'failpoint.ts');
const PROGRAM = `
  import { failpoint } from ${JSON.stringify(MODULE)};
  for (let passage = 1; passage <= 3; passage += 1) {
    failpoint('loader.other');
    failpoint('loader.before_commit');
    console.log(passage);
  }`;

function run(armed?: string) {
  const env = armed === undefined ? {} : { FAILPOINT: armed };
  const { signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM], { env });
  return { signal, passages: stdout.toString().split('\n').filter(Boolean).length };
}

describe('a failpoint', () => {
  it('does nothing until it is armed', () => {
    expect(run()).toEqual({ signal: null, passages: 3 });
  });

  it.each([
    ['loader.before_commit:1', 0],
    ['loader.before_commit:3', 2],
  ])('armed with %s kills the process after %i passages', (armed, passages) => {
    expect(run(armed)).toEqual({ signal: 'SIGKILL', passages });
  });

  it.each(['loader.before_commit:4', 'loader.before_commit', 'loader.before:1'])(
    'armed with %s never strikes',
    (armed) => {
      expect(run(armed)).toEqual({ signal: null, passages: 3 });
    },
  );
});
