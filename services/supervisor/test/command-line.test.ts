import { parseCommandLine } from '../src/command-line.ts';
import { selectSources } from '../src/select-sources.ts';

const known = ['hubspot', 'xero', 'wrike'];

describe('the command line of run.sh', () => {
  it('means all pipelines, again and again, when it is empty', () => {
    expect(parseCommandLine([], known)).toEqual({ isDemo: false, isInstall: false, isOnce: false, sources: [] });
  });

  it('takes demo, --once and pipelines in any order, by full or short name', () => {
    expect(parseCommandLine(['--once', 'pipeline_xero_to_postgres', 'demo', 'tap-wrike'], known)).toEqual({
      isDemo: true,
      isInstall: false,
      isOnce: true,
      sources: ['xero', 'wrike'],
    });
  });

  it.each(['pipeline_sage_to_postgres', '--onec', 'demos'])(
    'refuses %s and lists the pipelines there are',
    (argument) => {
      expect(() => parseCommandLine([argument], known)).toThrow(
        `there is no pipeline "${argument}". There are: pipeline_hubspot_to_postgres, pipeline_xero_to_postgres, pipeline_wrike_to_postgres`,
      );
    },
  );
});

describe('the taps that are started', () => {
  const all = { isDemo: false, isInstall: false, isOnce: false, sources: [] };

  it('are all of them when nobody chose', () => {
    expect(selectSources(all, {}, known)).toEqual(known);
  });

  it('are those of PIPELINE_NAMES', () => {
    expect(selectSources(all, { PIPELINE_NAMES: ' xero,pipeline_wrike_to_postgres ' }, known)).toEqual([
      'xero',
      'wrike',
    ]);
  });

  it('are those of the command line, whatever PIPELINE_NAMES says', () => {
    expect(selectSources({ ...all, sources: ['hubspot'] }, { PIPELINE_NAMES: 'xero' }, known)).toEqual(['hubspot']);
  });

  it('cannot be unknown', () => {
    expect(() => selectSources(all, { PIPELINE_NAMES: 'sage' }, known)).toThrow('there is no pipeline "sage"');
  });
});
