import type { Queryable, RowOf } from '@pipeline/postgres';
import type { Happening } from '@pipeline/protocol/api';
import type { z } from 'zod';
import { commandText, schemaText } from './happening-words.ts';
import * as statements from './happenings.sql.ts';

type Event = z.infer<typeof Happening>;

/** Commands that only look, or that concern nobody else. */
const SILENT = ['login', 'logout', 'end-session', 'read-record', 'read-failures', 'preview', 'check', 'start-consent'];

/** What happened lately, newest first: incidents that opened and closed, changes of tables, commands of people. */
export async function listHappenings(db: Queryable, limit: number): Promise<Event[]> {
  const incidents = await statements.selectIncidentEvents.all(db, { limit });
  const changes = await statements.selectSchemaEvents.all(db, { limit });
  const commands = await statements.selectCommandEvents.all(db, { besides: SILENT, limit });
  const all: Event[] = [
    ...incidents.map(({ at, isOver, title, runId }) => ({
      at,
      kind: isOver ? ('closed' as const) : ('opened' as const),
      text: isOver ? `over: ${title}` : title,
      href: runId === null ? '/' : `/runs/${runId}`,
    })),
    ...changes.map((change) => ({
      at: change.at,
      kind: 'schema' as const,
      text: schemaText(change),
      href:
        change.tables.length > 1
          ? `/streams?source=${change.connection}`
          : `/streams/${change.connection}/${change.stream}/columns`,
    })),
    ...commands.map((command) => ({
      at: command.at,
      kind: 'command' as const,
      text: commandText(command),
      href: null,
    })),
  ];
  return all.sort((a, b) => b.at.localeCompare(a.at)).slice(0, limit);
}

export type HourRow = RowOf<typeof statements.selectHours>;

/** Rows of the last 24 hours by hour and pipeline. */
export function listHours(db: Queryable): Promise<HourRow[]> {
  return statements.selectHours.all(db);
}

/** What is open for a person, in numbers. */
export async function countOpen(db: Queryable): Promise<{ rejected: number; deadLetters: number }> {
  return statements.selectOpenCounts.one(db);
}
