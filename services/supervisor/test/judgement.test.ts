import { judgement } from '../src/services.ts';

const taps = ['tap-hubspot', 'tap-xero'];
const exit = (code: number | null) => ({ code, signal: code === null ? ('SIGKILL' as const) : null });
const always = { isDemo: false, isInstall: false, isOnce: false, sources: [] };
const once = { ...always, isOnce: true };

describe('what the end of a service means', () => {
  it.each(['scheduler', 'loader', 'dbt-runner', 'tap-xero'])('%s is started again after a crash or a kill', (name) => {
    const judge = judgement(always, taps);

    expect(judge(name, exit(1))).toBe('restart');
    expect(judge(name, exit(null))).toBe('restart');
  });

  it('a wrong configuration of a service that every run needs ends the run', () => {
    expect(judgement(always, taps)('loader', exit(78))).toEqual({ exitCode: 78 });
  });

  it('a tap without credentials stays off while another one runs', () => {
    const judge = judgement(always, taps);

    expect(judge('tap-xero', exit(78))).toBe('off');
    expect(judge('tap-hubspot', exit(78))).toEqual({ exitCode: 78 });
  });

  it('a tap without credentials ends the run that asked for it', () => {
    expect(judgement({ ...always, sources: ['xero'] }, ['tap-xero', 'tap-hubspot'])('tap-xero', exit(78))).toEqual({
      exitCode: 78,
    });
  });

  it.each([0, 1])("the scheduler's exit code %i is that of a run of one cycle", (code) => {
    expect(judgement(once, taps)('scheduler', exit(code))).toEqual({ exitCode: code });
  });

  it('a killed scheduler goes on with its one cycle', () => {
    expect(judgement(once, taps)('scheduler', exit(null))).toBe('restart');
  });
});
