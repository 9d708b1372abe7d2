import type { ScheduleRequest, Timing } from '@pipeline/protocol/api';
import { type Command, InvalidArgumentError } from 'commander';
import { wholeNumber } from '../arguments.ts';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';
import { minute } from '../words.ts';

const WEEK_SECONDS = 7 * 86_400;

interface Wish {
  every?: number;
  cron?: string;
  zone?: string;
  byHand?: boolean;
  default?: boolean;
  retries?: number;
  retryAfter?: number;
  pauseAfter?: number | 'never';
  atMost?: Record<string, number>;
}

export function scheduleCommands(root: Command, context: Context): void {
  const { client } = context;
  const schedule = root
    .command('schedule')
    .description('when each pipeline runs')
    .action(async () => {
      const page = await client.call('listPipelines', {});
      context.showTable(
        page,
        ['pipeline', 'runs', 'next', 'retries', 'pauses after', 'from'],
        page.items.map(({ connection, schedule: own, nextRunAt }) => [
          ...[connection, textOf(own.timing), nextRunAt === null ? '' : minute(nextRunAt), own.retries],
          ...[own.pauseAfterFailures === null ? 'never' : `${own.pauseAfterFailures} failures`, own.origin],
        ]),
        'nothing is connected yet',
      );
    });
  schedule
    .command('set <pipeline>')
    .description('what is left out stays as it is')
    .option('--every <seconds>', 'after the end of the last run', wholeNumber(0, WEEK_SECONDS))
    .option('--cron <expression>', 'five or six fields: "0 6 * * 1-5"')
    .option('--zone <name>', 'of the cron expression: Pacific/Auckland')
    .option('--by-hand', 'only when somebody asks')
    .option('--default', 'as PIPELINE_INTERVAL_SECONDS says')
    .option('--retries <n>', 'of a failed run before its next time', wholeNumber(0, 10))
    .option('--retry-after <seconds>', 'before the first retry; twice as long each time', wholeNumber(1, 86_400))
    .option('--pause-after <n>', 'failed runs in a row; or never', pauseAfter)
    .option('--at-most <stream=seconds>', 'a stream that costs much is read at most this often', atMost)
    .action(async (name: string, wish: Wish) => {
      const { schedule: current } = await client.call('getPipeline', { params: { name } });
      const body = merged(current, wish);
      const saved = await client.call('setSchedule', { params: { name }, body });
      const preview = await client.call('previewSchedule', { body: saved.timing });
      const next = preview.next.map(minute).join(', ');
      context.show(saved, `${name} runs ${preview.text}${next === '' ? '' : `; next ${next} UTC`}`);
    });
}

function merged(current: ScheduleRequest & { origin: string }, wish: Wish): ScheduleRequest {
  const { origin, ...kept } = current;
  const timing = timingOf(wish) ?? (origin === 'default' ? null : kept.timing);
  return {
    ...kept,
    timing: wish.default === true ? null : timing,
    retries: wish.retries ?? kept.retries,
    retryAfterSeconds: wish.retryAfter ?? kept.retryAfterSeconds,
    pauseAfterFailures: wish.pauseAfter === 'never' ? null : (wish.pauseAfter ?? kept.pauseAfterFailures),
    streamIntervals: { ...kept.streamIntervals, ...wish.atMost },
  };
}

function timingOf({ every, cron, zone, byHand, default: isDefault }: Wish): Timing | undefined {
  const given = [every, cron, byHand, isDefault].filter((value) => value !== undefined);
  if (given.length > 1) throw new Ended(EXIT.usage, 'name one of --every, --cron, --by-hand and --default');
  if (zone !== undefined && cron === undefined) throw new Ended(EXIT.usage, '--zone belongs to --cron');
  if (every !== undefined) return { kind: 'interval', seconds: every };
  if (cron !== undefined) return { kind: 'cron', expression: cron, timeZone: zone ?? 'UTC' };
  return byHand === true ? { kind: 'manual' } : undefined;
}

function textOf(timing: Timing): string {
  if (timing.kind === 'interval') return `${timing.seconds} s after the last run ended`;
  return timing.kind === 'manual' ? 'by hand' : `${timing.expression} ${timing.timeZone}`;
}

const failures = wholeNumber(1, 1_000);
const pauseAfter = (text: string): number | 'never' => (text === 'never' ? text : failures(text));

function atMost(text: string, before: Record<string, number> = {}): Record<string, number> {
  const [, stream, seconds] = /^(\w+)=(\d+)$/.exec(text) ?? [];
  if (stream === undefined || seconds === undefined) throw new InvalidArgumentError('Expected invoices=3600.');
  return { ...before, [stream]: wholeNumber(0, WEEK_SECONDS)(seconds) };
}
