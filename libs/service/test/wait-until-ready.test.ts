import { type Logger, PipelineError } from '@pipeline/protocol';
import { waitUntilReady } from '../src/wait-until-ready.ts';

function recorder(): { logger: Logger; texts: string[] } {
  const texts: string[] = [];
  const write = (_fields: object, text: string) => void texts.push(text);
  const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  return { logger, texts };
}

describe('waiting until something is ready', () => {
  it('says each reason once, and when it is over', async () => {
    const { logger, texts } = recorder();
    const reasons = ['refused', 'reset', 'refused'];
    const attempt = async () => {
      const reason = reasons.shift();
      if (reason !== undefined) throw new Error(reason);
      return 'connected';
    };
    await expect(waitUntilReady('RabbitMQ', attempt, { logger })).resolves.toBe('connected');
    expect(texts).toEqual(['waiting for RabbitMQ: refused', 'waiting for RabbitMQ: reset', 'RabbitMQ is ready']);
  });

  it('says nothing when there is nothing to wait for', async () => {
    const { logger, texts } = recorder();
    await waitUntilReady('RabbitMQ', async () => 1, { logger });
    expect(texts).toEqual([]);
  });

  it('ends after its time with the last reason', async () => {
    const { logger } = recorder();
    const attempt = () => Promise.reject(new Error('refused'));
    await expect(waitUntilReady('RabbitMQ', attempt, { logger, timeoutMs: 0 })).rejects.toMatchObject({
      code: 'NOT_READY',
      message: 'RabbitMQ did not become ready within 0 s: refused',
    });
  });

  it.each([
    [
      'what only an operator can mend',
      new PipelineError({ code: 'TOPOLOGY_MISMATCH', recovery: 'fix-config', message: 'other arguments' }),
    ],
    ['a mistake in the code', new TypeError('x is not a function')],
  ])('does not wait for %s', async (_, error) => {
    const { logger } = recorder();
    await expect(waitUntilReady('RabbitMQ', () => Promise.reject(error), { logger })).rejects.toBe(error);
  });
});
