import { Counter, type ServiceContext } from '@pipeline/service';

/** What a tap counts. */
export interface TapMetrics {
  records: Counter<'stream'>;
  requests: Counter<'status'>;
  bytes: Counter<'account'>;
}

export function tapMetrics(registry: ServiceContext<unknown>['metrics']): TapMetrics {
  const registers = [registry];
  return {
    records: new Counter({
      ...{ name: 'tap_records_total', help: 'Records sent to the broker.', labelNames: ['stream'], registers },
    }),
    requests: new Counter({
      ...{ name: 'tap_http_requests_total', help: 'Responses of the source.', labelNames: ['status'], registers },
    }),
    bytes: new Counter({
      name: 'tap_http_received_bytes_total',
      help: 'Bytes of bodies that the source sent, compressed as they came, by account.',
      labelNames: ['account'],
      registers,
    }),
  };
}
