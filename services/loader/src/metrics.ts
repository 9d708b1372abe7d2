import { Counter, Histogram, type Registry } from '@pipeline/service';

export interface LoaderMetrics {
  batches: Counter<'source' | 'outcome'>;
  rows: Counter<'source' | 'stream' | 'outcome'>;
  batchSeconds: Histogram<'source'>;
}

export function createMetrics(registry: Registry): LoaderMetrics {
  const registers = [registry];
  return {
    batches: new Counter({
      name: 'loader_batches_total',
      help: 'Batches by what became of them: loaded, known, fenced, refused, unreadable, dead-lettered.',
      labelNames: ['source', 'outcome'],
      registers,
    }),
    rows: new Counter({
      name: 'loader_rows_total',
      help: 'Rows loaded and rejected.',
      labelNames: ['source', 'stream', 'outcome'],
      registers,
    }),
    batchSeconds: new Histogram({
      name: 'loader_batch_seconds',
      help: 'Time from the delivery of a batch to its commit, waits included.',
      labelNames: ['source'],
      buckets: [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 15, 60],
      registers,
    }),
  };
}
