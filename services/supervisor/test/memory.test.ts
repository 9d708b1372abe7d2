import { nodeOptions } from '@pipeline/service/config';
import { containerSettings } from '../../../tests/support/container-settings.ts';
import { memorySettings } from '../src/memory.ts';

describe('the memory settings of a service of run.sh', () => {
  it.each(['tap-hubspot', 'tap-wrike', 'tap-xero', 'loader', 'scheduler', 'dbt-runner'])(
    'are those of its container: %s',
    (service) => {
      const { NODE_OPTIONS = '', ...malloc } = containerSettings(service);
      const { NODE_OPTIONS: own, ...others } = memorySettings(service, {});
      expect([...nodeOptions(service), own].join(' ')).toBe(NODE_OPTIONS);
      expect(others).toEqual(malloc);
    },
  );

  it('leave the last word to who starts run.sh', () => {
    const { NODE_OPTIONS } = memorySettings('loader', { NODE_OPTIONS: '--max-old-space-size=1024' });
    expect(NODE_OPTIONS).toBe('--max-old-space-size=288 --max-old-space-size=1024');
  });

  it('limit nothing that holds its data in memory', () => {
    expect(memorySettings('sandbox', {})['NODE_OPTIONS']).toBe('');
  });
});
