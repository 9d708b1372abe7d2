import { formatCount } from '@pipeline/protocol/format';
import type { Command } from 'commander';
import { NotReachable, Refused } from '../client.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../doctor/finding.ts';
import { examineHere } from '../doctor/here.ts';
import { examineByScheduler } from '../doctor/scheduler.ts';
import { Ended, EXIT } from '../exit.ts';

export function doctorCommand(root: Command, context: Context): void {
  root
    .command('doctor')
    .description(
      'looks at everything that must be right, and says how to mend it; 3 when something is not. Without a scheduler it looks from here, with the variables of the services',
    )
    .action(async () => {
      const findings = await examine(context);
      if (context.isJson()) context.output.json(findings);
      else for (const finding of findings) show(context, finding);
      const failed = findings.filter(({ state }) => state === 'fail').length;
      const warned = findings.filter(({ state }) => state === 'warn').length;
      if (failed + warned === 0) return;
      throw new Ended(EXIT.attention, `${failed} failed, ${formatCount(warned, 'warning')}`);
    });
}

async function examine(context: Context): Promise<Finding[]> {
  try {
    return await examineByScheduler(context.client);
  } catch (error) {
    const isLockedOut = error instanceof Refused && error.status === 401;
    if (!(error instanceof NotReachable) && !isLockedOut) throw error;
    const { message, remedy } = error instanceof Refused ? error.error : error;
    return [{ name: 'scheduler', state: 'fail', text: message, remedy }, ...(await examineHere())];
  }
}

function show({ output }: Context, { name, state, text, remedy }: Finding): void {
  const icon = { ok: output.paint('green', '✓'), warn: output.paint('yellow', '!'), fail: output.paint('red', '✗') }[
    state
  ];
  output.line(`${icon} ${name.padEnd(14)} ${text}${state === 'ok' || remedy === undefined ? '' : `   → ${remedy}`}`);
}
