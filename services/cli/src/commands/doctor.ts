import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { Ended, EXIT } from '../exit.ts';

interface Finding {
  name: string;
  state: 'ok' | 'warn' | 'fail';
  text: string;
  remedy?: string;
}

const CLOCK_SECONDS_MAX = 2;
const DISK_SHARE_MIN = 0.1;

export function doctorCommand(root: Command, context: Context): void {
  root
    .command('doctor')
    .description('looks at everything that must be right, and says how to mend it; 3 when something is not')
    .action(async () => {
      const findings = await examine(context);
      if (context.isJson()) context.output.json(findings);
      else for (const finding of findings) show(context, finding);
      const failed = findings.filter(({ state }) => state === 'fail').length;
      const warned = findings.filter(({ state }) => state === 'warn').length;
      if (failed + warned === 0) return;
      throw new Ended(EXIT.attention, `${failed} failed, ${warned} warnings`);
    });
}

async function examine({ client }: Context): Promise<Finding[]> {
  const [system, { items: connections }, { verdict }] = await Promise.all([
    client.call('getSystem', {}),
    client.call('listConnections', {}),
    client.call('getStatus', {}),
  ]);
  const { database, broker, disk, instances } = system;
  const skew = (Date.now() - Date.parse(system.now)) / 1000;
  const isAttention = verdict.state === 'down' || verdict.state === 'attention';
  return [
    {
      name: 'scheduler',
      state: isAttention ? 'fail' : 'ok',
      text: `${system.version}: ${verdict.title}`,
      remedy: 'pipeline status',
    },
    database === null
      ? { name: 'postgresql', state: 'fail', text: 'does not respond', remedy: 'start it, or see DB_HOST' }
      : {
          name: 'postgresql',
          state: database.violations > 0 ? 'fail' : 'ok',
          text: `${database.version}, ${database.responseMs.toFixed(0)} ms, ${database.connections} of ${database.connectionsMax} connections, ${database.violations} violations`,
        },
    {
      name: 'rabbitmq',
      state: broker.isConnected && broker.blockedBecause === null ? 'ok' : 'fail',
      text: broker.blockedBecause ?? `${broker.queues.length} queues as declared`,
      remedy: 'see RABBITMQ_URL, or give it memory and disk',
    },
    {
      name: 'clock',
      state: Math.abs(skew) > CLOCK_SECONDS_MAX ? 'warn' : 'ok',
      text: `${skew.toFixed(1)} s apart from the scheduler's`,
      remedy: 'start a time service; nothing depends on it but logs',
    },
    ...(disk === null
      ? []
      : [
          {
            name: 'disk',
            state: disk.freeBytes < disk.totalBytes * DISK_SHARE_MIN ? ('warn' as const) : ('ok' as const),
            text: `${(disk.freeBytes / 1e9).toFixed(0)} GB free of ${(disk.totalBytes / 1e9).toFixed(0)}`,
            remedy: 'free some',
          },
        ]),
    ...instances
      .filter(({ isAlive }) => isAlive)
      .map(({ service, checks }) => {
        const bad = Object.entries(checks).filter(([, reason]) => reason !== 'ok');
        return {
          name: service,
          state: bad.length === 0 ? ('ok' as const) : ('fail' as const),
          text: bad.map(([check, reason]) => `${check}: ${reason}`).join('; ') || 'ready',
          remedy: 'see its log',
        };
      }),
    ...connections.map(({ name, isAlive, check }) => ({
      name,
      state:
        !isAlive || check?.isOk === false ? ('fail' as const) : check === null ? ('warn' as const) : ('ok' as const),
      text: !isAlive
        ? 'its tap is not there'
        : (check?.message ??
          (check === null
            ? 'was never looked at'
            : `${check.streams.filter(({ isReadable }) => isReadable).length} of ${check.streams.length} streams readable`)),
      remedy: !isAlive ? `start tap of ${name}` : (check?.remedy ?? `pipeline check ${name}`),
    })),
  ];
}

function show({ output }: Context, { name, state, text, remedy }: Finding): void {
  const icon = { ok: output.paint('green', '✓'), warn: output.paint('yellow', '!'), fail: output.paint('red', '✗') }[
    state
  ];
  output.line(`${icon} ${name.padEnd(14)} ${text}${state === 'ok' || remedy === undefined ? '' : `   → ${remedy}`}`);
}
