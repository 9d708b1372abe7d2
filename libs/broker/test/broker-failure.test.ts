import { PipelineError } from '@pipeline/protocol';
import { IllegalOperationError } from 'amqplib';
import { brokerFailure } from '../src/broker-failure.ts';

describe('an error of the broker', () => {
  it.each([
    ['of the network', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
    ['of RabbitMQ', Object.assign(new Error('NOT_FOUND'), { code: 404 })],
    ['of a channel that is closed', new IllegalOperationError('Channel closed', '')],
    ['of a topology', new PipelineError({ code: 'TOPOLOGY_MISMATCH', recovery: 'fix-config', message: 'other' })],
  ])('%s is waited out', (_, error) => {
    expect(brokerFailure(error)).toMatchObject({ name: 'broker_away' });
  });

  it('is a defect when the code is wrong', () => {
    expect(brokerFailure(new TypeError('x is not a function'))).toBeUndefined();
  });
});
