import {
  formatAge,
  formatInstant,
  formatLogTime,
  formatMinute,
  formatTime,
  formatWhen,
} from '@pipeline/protocol/format';
import { now, zone } from '../clock.ts';

const WRITE = {
  age: (at: string, zone?: string) => formatAge(at, now.value, zone),
  when: (at: string, zone?: string) => formatWhen(at, now.value, zone),
  clock: formatTime,
  minute: formatMinute,
  log: formatLogTime,
};

/** An instant as people read it; the whole of it, in both zones, is its tooltip. */
export function Time({ at, as }: { at: string; as: keyof typeof WRITE }) {
  return (
    <time dateTime={at} title={formatInstant(at, zone.value)}>
      {WRITE[as](at, zone.value)}
    </time>
  );
}
