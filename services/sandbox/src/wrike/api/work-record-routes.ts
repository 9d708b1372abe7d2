import express, { type Request, type Response, type Router } from 'express';
import { DAY } from '../company/calendar.ts';
import type { Company } from '../company/company.ts';
import type { Dated, DatedRecords } from '../company/dated-records.ts';
import { classicNumber, taskNumber } from '../company/ids.ts';
import type { Range } from '../company/row-store.ts';
import { approvalModel, approvalStatus, attachmentModel, auditModel, commentModel } from '../company/work-records.ts';
import { changingTokens } from './paging.ts';
import { Parameters } from './parameters.ts';
import { invalidParameter, notFound, sendPage } from './responses.ts';
import { ids, PAGE_MAX, type Row } from './row-filter.ts';

const COMMENT_DAYS = 7;
const ATTACHMENT_DAYS = 31;

/** Comments, attachments, approvals, audit log: each with its own rule of how much may be asked for at once. */
export function workRecordRoutes({ records, now }: Company): Router {
  const router = express.Router();
  const { comments, attachments, approvals, audit } = records;

  router.get('/comments', (request, response) => {
    const parameters = new Parameters(request, ['plainText', 'updatedDate', 'limit', 'types']);
    parameters.strings('types', ['Email', 'Regular']);
    // Without a range it is the last seven days.
    const asked = parameters.range('updatedDate') ?? {};
    const { start, end } = shorterThan(asked, { days: COMMENT_DAYS, name: 'updatedDate', now: now() });
    const limit = parameters.integer('limit', 1, PAGE_MAX) ?? PAGE_MAX;
    const isPlain = parameters.boolean('plainText') ?? false;
    const found = [...comments].filter(({ updated }) => updated >= start && updated < end);
    const data = found.slice(0, limit).map((comment) => commentModel(comment, isPlain));
    sendPage(response, { kind: 'comments', data });
  });
  router.get('/attachments', (request, response) => {
    const parameters = new Parameters(request, ['versions', 'createdDate'], ['withUrls']);
    const asked = parameters.range('createdDate');
    if (asked?.start === undefined) throw invalidParameter('createdDate');
    const { start, end } = shorterThan(asked, { days: ATTACHMENT_DAYS, name: 'createdDate', now: now() });
    const found = [...attachments].filter(({ created }) => created >= start && created < end);
    sendPage(response, { kind: 'attachments', data: found.map(attachmentModel) });
  });

  router.get('/approvals', (request, response) => {
    const known = ['statuses', 'updatedDate', 'approvers', 'pendingApprovers', 'limit', 'pageSize', 'nextPageToken'];
    const parameters = new Parameters(request, known);
    const statuses = parameters.strings('statuses');
    const approvers = parameters.strings('approvers');
    const pending = parameters.strings('pendingApprovers');
    const { start = 0, end = Number.POSITIVE_INFINITY } = parameters.range('updatedDate') ?? {};
    const found = [...approvals]
      .filter(({ updated }) => updated >= start && updated < end)
      .filter((approval) => statuses?.includes(approvalStatus(approval)) ?? true)
      .filter(({ decisions }) => !approvers || decisions.some((one) => approvers.includes(one.approverId)))
      .filter(
        ({ decisions }) =>
          !pending || decisions.some((one) => one.status === 'Pending' && pending.includes(one.approverId)),
      );
    sendPage(response, { kind: 'approvals', ...onePage(parameters, found.map(approvalModel)) });
  });

  router.get('/audit_log', (request, response) => {
    const parameters = new Parameters(request, ['eventDate', 'operations', 'pageSize', 'nextPageToken']);
    const operations = parameters.strings('operations');
    const { start = 0, end = Number.POSITIVE_INFINITY } = parameters.range('eventDate') ?? {};
    const found = audit
      .map((entry, number) => ({ entry, number }))
      .filter(({ entry }) => entry.at >= start && entry.at < end)
      .filter(({ entry }) => operations?.includes(entry.operation) ?? true);
    const models = found.map(({ entry, number }) => auditModel(entry, number));
    sendPage(response, { kind: 'auditLog', ...onePage(parameters, models) });
  });
  addKind(router, 'comments', { rows: comments, idKind: 'IM', model: commentModel, options: ['plainText'] });
  addKind(router, 'attachments', { rows: attachments, idKind: 'IY', model: attachmentModel, options: ['versions'] });
  addKind(router, 'approvals', { rows: approvals, idKind: 'ME', model: approvalModel, options: [] });
  return router;
}

interface RecordKind<Fields extends object> {
  rows: DatedRecords<Fields>;
  idKind: string;
  model: (record: Dated & Fields, isPlain: boolean) => Row;
  options: string[];
}

/** Records by their ids, and those of a task. */
function addKind<Fields extends object>(
  router: Router,
  kind: string,
  { rows, idKind, model, options }: RecordKind<Fields>,
): void {
  const send = (request: Request, response: Response, found: (Dated & Fields)[]): void => {
    const isPlain = new Parameters(request, options).boolean('plainText') ?? false;
    sendPage(response, { kind, data: found.map((record) => model(record, isPlain)) });
  };
  router.get(`/${kind}/:ids`, (request, response) => {
    const found = ids(String(request.params['ids'])).flatMap((id) => rows.find(classicNumber(idKind, id)) ?? []);
    if (found.length === 0) throw notFound();
    send(request, response, found);
  });
  router.get(`/tasks/:id/${kind}`, (request, response) => {
    const number = taskNumber(String(request.params['id']));
    send(
      request,
      response,
      [...rows].filter(({ task }) => task === number),
    );
  });
}

function shorterThan(range: Range, rule: { days: number; name: string; now: number }): { start: number; end: number } {
  const { end = rule.now + 1 } = range;
  const { start = end - rule.days * DAY + 1 } = range;
  if (end - start >= rule.days * DAY) throw invalidParameter(rule.name);
  return { start, end };
}

function onePage(parameters: Parameters, rows: Row[]): { data: Row[]; nextPageToken: string | undefined } {
  parameters.notTogether('limit', 'pageSize');
  const size = parameters.integer('pageSize', 1, PAGE_MAX) ?? parameters.integer('limit', 1, PAGE_MAX) ?? PAGE_MAX;
  const token = parameters.text('nextPageToken');
  const offset = token === undefined ? 0 : changingTokens.offset(token);
  const data = rows.slice(offset, offset + size);
  const hasMore = parameters.has('pageSize') && rows.length > offset + size;
  return { data, nextPageToken: hasMore ? changingTokens.issue(offset + size) : undefined };
}
