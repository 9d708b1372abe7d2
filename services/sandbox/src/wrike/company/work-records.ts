import type { Random } from '../../random.ts';
import { DAY, day, instant } from './calendar.ts';
import { type Dated, DatedRecords } from './dated-records.ts';
import { classicId, taskId } from './ids.ts';
import { COMMENTS, OBJECTS } from './vocabulary.ts';

export interface Comment {
  authorId: string;
  text: string;
}

export interface Attachment {
  authorId: string;
  name: string;
  size: number;
  version: number;
}

export interface Approval {
  authorId: string;
  title: string;
  dueDate: string;
  decisions: { approverId: string; status: Decision; updated: number }[];
  isCancelled: boolean;
}

type Decision = 'Pending' | 'Approved' | 'Rejected';

export interface AuditEntry {
  operation: string;
  userId: string;
  at: number;
  objectId: string;
  objectName: string;
}

export interface WorkRecords {
  comments: DatedRecords<Comment>;
  attachments: DatedRecords<Attachment>;
  approvals: DatedRecords<Approval>;
  audit: AuditEntry[];
}

interface Seed {
  /** Tasks among which the records are spread. */
  tasks: number;
  deals: number;
  people: readonly string[];
  random: Random;
  historyStart: number;
  historyEnd: number;
}

/** Shares of the number of deals. */
const COMMENTS_PER_DEAL = 0.5;
const ATTACHMENTS_PER_DEAL = 0.2;
const APPROVALS_PER_DEAL = 0.1;
/** One task in 97 is in the recycle bin from the start: records begin on those that are not. */
const BINNED = 97;

export function seedWorkRecords({ tasks, deals, people, random, historyStart, historyEnd }: Seed): WorkRecords {
  const comments = new DatedRecords<Comment>();
  const attachments = new DatedRecords<Attachment>();
  const approvals = new DatedRecords<Approval>();
  const spread = (count: number, add: (task: number, at: number) => void): void => {
    for (let number = 0; number < count; number += 1) {
      const task = random.integer(0, tasks - 1);
      const at = historyStart + 10 * DAY + Math.floor(((historyEnd - historyStart - 12 * DAY) * number) / count);
      add(task % BINNED === 0 ? task + 1 : task, at);
    }
  };
  spread(Math.ceil(deals * COMMENTS_PER_DEAL), (task, at) => comments.add(task, newComment(random, people), at));
  spread(Math.ceil(deals * ATTACHMENTS_PER_DEAL), (task, at) => {
    attachments.add(task, newAttachment(random, people), at);
  });
  spread(Math.ceil(deals * APPROVALS_PER_DEAL), (task, at) => approvals.add(task, newApproval(random, people, at), at));
  return { comments, attachments, approvals, audit: [] };
}

export function newComment(random: Random, people: readonly string[]): Comment {
  return { authorId: random.pick(people), text: `${random.pick(COMMENTS) || 'Done'}, ${random.pick(OBJECTS)}` };
}

export function newAttachment(random: Random, people: readonly string[]): Attachment {
  const name = `${random.pick(OBJECTS)}.pdf`;
  return { authorId: random.pick(people), name, size: random.integer(1_000, 9_000_000), version: 1 };
}

export function newApproval(random: Random, people: readonly string[], at: number): Approval {
  const approvers = new Set([random.pick(people), random.pick(people)]);
  return {
    authorId: random.pick(people),
    title: `Please approve ${random.pick(OBJECTS)}`,
    dueDate: day(at + 3 * DAY),
    decisions: [...approvers].map((approverId) => ({ approverId, status: 'Pending', updated: at })),
    isCancelled: false,
  };
}

const commentId = (number: number): string => classicId('IM', number);
const attachmentId = (number: number): string => classicId('IY', number);
const approvalId = (number: number): string => classicId('ME', number);
const auditId = (number: number): string => classicId('NQ', number);

export function commentModel({ number, task, created, updated, authorId, text }: Dated & Comment, plainText = true) {
  return {
    id: commentId(number),
    authorId,
    text: plainText ? text : `<p>${text}</p>`,
    createdDate: instant(created),
    updatedDate: instant(updated),
    taskId: taskId(task),
  };
}

export function attachmentModel({ number, task, created, authorId, name, size, version }: Dated & Attachment) {
  return {
    id: attachmentId(number),
    authorId,
    name,
    createdDate: instant(created),
    version,
    type: 'Wrike',
    contentType: 'application/pdf',
    size,
    taskId: taskId(task),
  };
}

export function approvalModel(approval: Dated & Approval) {
  const { number, task, updated, authorId, title, dueDate, decisions } = approval;
  const status = approvalStatus(approval);
  return {
    id: approvalId(number),
    taskId: taskId(task),
    authorId,
    title,
    description: '',
    updatedDate: instant(updated),
    dueDate,
    decisions: decisions.map((one) => ({
      approverId: one.approverId,
      status: one.status,
      updatedDate: instant(one.updated),
    })),
    type: 'Regular',
    autoFinishOnApprove: true,
    autoFinishOnReject: true,
    finished: status !== 'Pending',
    status,
  };
}

export function approvalStatus({ isCancelled, decisions }: Approval): Decision | 'Cancelled' {
  if (isCancelled) return 'Cancelled';
  if (decisions.some(({ status }) => status === 'Rejected')) return 'Rejected';
  return decisions.every(({ status }) => status === 'Approved') ? 'Approved' : 'Pending';
}

export function auditModel(entry: AuditEntry, number: number) {
  return {
    id: auditId(number),
    operation: entry.operation,
    userId: entry.userId,
    eventDate: instant(entry.at),
    ipAddress: '203.0.113.7',
    objectType: 'Task',
    objectName: entry.objectName,
    objectId: entry.objectId,
    details: {},
  };
}
