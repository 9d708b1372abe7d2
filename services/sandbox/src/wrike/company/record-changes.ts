import type { Random } from '../../random.ts';
import { day } from './calendar.ts';
import type { Company } from './company.ts';
import { folderId } from './ids.ts';
import { REFERENCE_KINDS } from './reference.ts';
import { newApproval, newAttachment, newComment } from './work-records.ts';

/** Below so many rows nothing more is removed. */
const ROWS_MIN = 2;

export function addWorkRecord({ tasks, records, people, now }: Company, random: Random): string | undefined {
  const task = tasks.pick(random, 'live');
  if (task === undefined) return undefined;
  const draw = random.next();
  if (draw < 0.6) return `comment ${records.comments.add(task, newComment(random, people), now())} written`;
  if (draw < 0.8) return `attachment ${records.attachments.add(task, newAttachment(random, people), now())} added`;
  return `approval ${records.approvals.add(task, newApproval(random, people, now()), now())} asked for`;
}

export function changeWorkRecord({ records, people, now }: Company, random: Random): string | undefined {
  const { comments, approvals } = records;
  if (random.chance(0.5)) {
    const comment = comments.pick(random);
    if (comment) comments.change(comment.number, newComment(random, people), now());
    return comment && `comment ${comment.number} rewritten`;
  }
  const approval = approvals.pick(random);
  if (!approval) return undefined;
  const status = random.pick(['Approved', 'Rejected'] as const);
  const [first, ...others] = approval.decisions;
  const decided = first ? [{ ...first, status, updated: now() }, ...others] : [];
  approvals.change(approval.number, random.chance(0.2) ? { isCancelled: true } : { decisions: decided }, now());
  return `approval ${approval.number} decided`;
}

export function deleteWorkRecord({ records }: Company, random: Random): string | undefined {
  const kind = random.pick([records.comments, records.attachments, records.approvals]);
  const row = kind.pick(random);
  if (row) kind.remove(row.number);
  return row && `record ${row.number} of task ${row.task} deleted`;
}

/** What administrators keep: roles, categories, rates, bookings, blueprints. */
export function changeReference(company: Company, random: Random): string | undefined {
  const kind = random.pick(REFERENCE_KINDS);
  const rows = company.reference.get(kind.stream);
  const row = rows?.pick(random);
  if (!rows || !row) return undefined;
  const surroundings = {
    people: company.people,
    projects: company.folders.in('live').map(({ number }) => folderId(number)),
    spaces: company.spaces.map(({ id }) => id),
    random,
    at: company.now(),
  };
  const draw = random.next();
  if (kind.comesAndGoes && draw < 0.25) return `${rows.add(kind.make(surroundings, rows.next)).id} added`;
  if (kind.comesAndGoes && draw < 0.5 && rows.size > ROWS_MIN) rows.remove(row.id);
  else rows.change(row.id, kind.edit(surroundings));
  return `${row.id} changed or removed`;
}

export function changeSchedules({ schedules, spaces, lockPeriods, now }: Company, random: Random): string | undefined {
  const draw = random.next();
  if (draw < 0.3) return schedules.change(random);
  if (draw < 0.5) return schedules.removeHoliday(random);
  if (draw < 0.8) {
    const schedule = schedules.pick(random);
    if (schedule !== undefined) schedules.addHoliday(schedule, random, now());
    return schedule;
  }
  const year = 2_000 + random.integer(0, 20);
  const id = random.pick(spaces).id;
  const isKnown = lockPeriods.rows.some((row) => row['spaceId'] === id && row['startDate'] === `${year}-01-01`);
  if (isKnown) return undefined;
  lockPeriods.add({ spaceId: id, startDate: `${year}-01-01`, endDate: day(now()) });
  return `times of space ${id} locked`;
}
