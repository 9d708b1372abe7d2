import { checkHistory, type HistoryReport, readHistory } from '@pipeline/testing';
import type { Platform } from './platform.ts';

/** What the history of a quiet platform proves, beside what its database holds. */
export async function historyReport({ database, historyPath }: Platform): Promise<HistoryReport> {
  const events = readHistory(historyPath);
  const ledger = await database.pool.query<{ epoch: string; seq: number; sha256: string }>(
    `select epoch, seq, encode(sha256, 'hex') as sha256 from pipeline.ledger`,
  );
  const loaded = await database.pool.query<{ epoch: string }>(
    `select epoch from pipeline.attempts where outcome = 'loaded'`,
  );
  return checkHistory(events, {
    ledger: ledger.rows.map((entry) => ({ ...entry, epoch: Number(entry.epoch) })),
    loadedEpochs: loaded.rows.map(({ epoch }) => Number(epoch)),
  });
}

/** The figures of a platform's life in one line. */
export async function summary(platform: Platform, seconds: number): Promise<string> {
  const { counts, findings } = await historyReport(platform);
  const found = (kind: string) => findings.filter((finding) => finding.kind === kind).length;
  return [
    `${platform.kills()} kills`,
    `${counts.attempts} attempts`,
    `${counts.committed} batches`,
    `${counts.rows} rows`,
    `${counts.redelivered} redelivered`,
    `${counts.fenced} fenced`,
    `${found('lost')} lost`,
    `${found('duplicated')} duplicated`,
    `${Math.round(seconds)} s`,
  ].join(', ');
}
