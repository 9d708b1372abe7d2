import type { Incident } from '@pipeline/protocol/api';

/** What a channel sends. */
export interface AlertMessage {
  title: string;
  lines: string[];
  /** For machines: a webhook's body. */
  event: 'opened' | 'closed' | 'test';
  incident: Incident | null;
}

/** The words of an incident that opened or is over: those of the page and the command line. */
export function messageOf(incident: Incident): AlertMessage {
  if (incident.closedAt !== null) {
    return {
      title: `over: ${incident.title}`,
      lines: [`since ${incident.openedAt}, until ${incident.closedAt}`],
      event: 'closed',
      incident,
    };
  }
  const lines = [incident.cause, `What to do: ${incident.remedy}`];
  if (incident.effect !== '') lines.push(`Effect: ${incident.effect}`);
  if (incident.action?.command != null) lines.push(`Command: ${incident.action.command}`);
  return { title: incident.title, lines, event: 'opened', incident };
}

export function testMessage(): AlertMessage {
  return {
    title: 'This is a test',
    lines: ['Alerts of the pipeline reach this channel.'],
    event: 'test',
    incident: null,
  };
}
