import { formatDuration } from '@pipeline/protocol/format';
import type { Timing } from '../schema.ts';

/** `5 min after the last run ended`. */
export function timingText(timing: Timing): string {
  if (timing.kind === 'manual') return 'by hand';
  if (timing.kind === 'cron') return `${timing.expression} (${timing.timeZone})`;
  return timing.seconds === 0
    ? 'again and again'
    : `${formatDuration(timing.seconds * 1_000)
        .replace(' m 00 s', ' min')
        .replace(' 00 m', '')
        .replace('.0 s', ' s')} after the last run ended`;
}
