/** What was looked at, and what to do. */
export interface Finding {
  name: string;
  state: 'ok' | 'warn' | 'fail';
  text: string;
  remedy?: string;
}

/** Logs of machines that differ by more cannot be read side by side. */
const CLOCK_SECONDS_MAX = 2;
const DISK_SHARE_MIN = 0.1;

/** @param seconds of this machine's clock after another's */
export function clockFinding(seconds: number, other: string): Finding {
  return {
    name: 'clock',
    state: Math.abs(seconds) > CLOCK_SECONDS_MAX ? 'warn' : 'ok',
    text: `${Math.abs(seconds).toFixed(1)} s ${seconds < 0 ? 'behind' : 'ahead of'} ${other}`,
    remedy: 'start a time service; nothing depends on it but logs',
  };
}

export function diskFinding({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): Finding {
  return {
    name: 'disk',
    state: freeBytes < totalBytes * DISK_SHARE_MIN ? 'warn' : 'ok',
    text: `${(freeBytes / 1e9).toFixed(0)} GB free of ${(totalBytes / 1e9).toFixed(0)}`,
    remedy: 'free some: RabbitMQ and PostgreSQL stop when it is full',
  };
}

interface Look {
  isOk: boolean;
  message: string | null;
  remedy: string | null;
  streams: { isReadable: boolean }[];
}

/** What the last look at an account found. Null: nobody has looked. */
export function accountFinding(name: string, check: Look | null): Finding {
  if (check === null) return { name, state: 'warn', text: 'was never looked at', remedy: `pipeline check ${name}` };
  const readable = check.streams.filter(({ isReadable }) => isReadable).length;
  return {
    name,
    state: check.isOk ? 'ok' : 'fail',
    text: check.message ?? `${readable} of ${check.streams.length} streams readable`,
    remedy: check.remedy ?? `pipeline check ${name}`,
  };
}
