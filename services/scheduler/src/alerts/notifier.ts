import { listChannels, lockUntold, markTold } from '@pipeline/control';
import { inTransaction } from '@pipeline/postgres';
import { messageOf } from './message.ts';
import { type SendDeps, sendTo } from './send.ts';

const TOLD_AT_ONCE_MAX = 50;

/** Tells every channel of incidents that opened and of those that are over: one message each. They are marked before they are sent, so that two
 *  schedulers never tell twice; a channel that fails is an incident of its own. */
export async function tellIncidents(deps: SendDeps): Promise<void> {
  const incidents = await inTransaction(deps.pool, async (client) => {
    const untold = await lockUntold(client, TOLD_AT_ONCE_MAX);
    if (untold.length > 0)
      await markTold(
        client,
        untold.map(({ id }) => id),
      );
    return untold;
  });
  if (incidents.length === 0) return;
  const channels = (await listChannels(deps.pool)).filter(({ isEnabled }) => isEnabled);
  for (const incident of incidents) {
    const wanted = channels.filter(
      ({ kinds, name }) => (kinds.length === 0 || kinds.includes(incident.kind)) && !isOwn(incident, name),
    );
    await Promise.all(wanted.map((channel) => sendTo(deps, channel, messageOf(incident))));
  }
}

/** A channel that fails cannot tell that it fails. */
const isOwn = (incident: { kind: string; subject: string }, name: string) =>
  incident.kind === 'alert_channel' && incident.subject === name;
