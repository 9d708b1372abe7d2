import { randomBytes } from 'node:crypto';
import { failureOf, isWaitedOut } from '@pipeline/postgres';
import { FAILURES, type Logger, PipelineError } from '@pipeline/protocol';
import type { ApiError } from '@pipeline/protocol/api';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { ZodError, type z } from 'zod';
import { remedyOf } from './remedies.ts';

/** What is wrong with a request, before anything was done. */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: { path: string; message: string }[];
  readonly retryAfterMs: number | null;

  constructor(options: {
    status: number;
    code: string;
    message: string;
    fields?: { path: string; message: string }[];
    retryAfterMs?: number;
  }) {
    super(options.message);
    this.status = options.status;
    this.code = options.code;
    this.fields = options.fields ?? [];
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** Status of codes that do not say it themselves. */
const STATUS: Record<string, number> = {
  ROLE_TOO_LOW: 403,
  CSRF_TOKEN_WRONG: 403,
  NOT_LOGGED_IN: 401,
  LOGIN_REFUSED: 401,
};

/** Responds to whatever went wrong in the one form that errors have. What nobody foresaw is logged under its id, and only the id goes out. */
export function respondToErrors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const id = randomBytes(4).toString('hex');
    const { status, body } = describe(error, id);
    if (status >= 500)
      logger.error({ err: error, errorId: id, method: request.method, path: request.path }, 'request failed');
    if (body.error.retryAfterMs) response.set('Retry-After', String(Math.ceil(body.error.retryAfterMs / 1000)));
    if (status === 401) response.set('WWW-Authenticate', 'Bearer');
    response.status(status).json(body);
  };
}

/** 404 for what no route serves. */
export const noSuchRoute: RequestHandler = (request) => {
  throw new RequestError({
    status: 404,
    code: 'UNKNOWN_ROUTE',
    message: `there is no ${request.method} ${request.path.slice(0, 200)}`,
  });
};

function describe(error: unknown, id: string): { status: number; body: ApiError } {
  if (error instanceof RequestError) {
    const { status, code, message, fields, retryAfterMs } = error;
    return respond(status, { code, message, id, ...(fields.length === 0 ? {} : { fields }), retryAfterMs });
  }
  if (error instanceof ZodError) {
    const fields = fieldsOf(error);
    const message = fields.map((field) => `${field.path}: ${field.message}`).join('; ');
    return respond(400, { code: 'REQUEST_INVALID', message, id, fields });
  }
  if (error instanceof PipelineError) {
    const { code, message, context } = error;
    const details = Object.keys(context).length === 0 ? {} : { details: context };
    return respond(statusOf(error), { code, message, id, ...details });
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return respond(503, {
      code: 'BROKER_AWAY',
      message: 'RabbitMQ did not take the message in time',
      id,
      retryAfterMs: 5_000,
    });
  }
  const parser = bodyProblem(error);
  if (parser !== undefined) return respond(parser.status, { ...parser.error, id });
  const trouble = databaseTrouble(error);
  if (trouble !== undefined) {
    return respond(503, { code: 'DATABASE_AWAY', message: trouble, id, retryAfterMs: 5_000 });
  }
  return respond(500, { code: 'INTERNAL', message: 'an unexpected error', id });
}

function respond(status: number, error: Omit<ApiError['error'], 'remedy'>): { status: number; body: ApiError } {
  return { status, body: { error: { ...error, remedy: remedyOf(error.code, error.id) } } };
}

const FIELDS_MAX = 20;

function fieldsOf(error: z.core.$ZodError): { path: string; message: string }[] {
  return error.issues.slice(0, FIELDS_MAX).map(({ path, message }) => ({ path: path.join('.') || 'request', message }));
}

function statusOf({ code, recovery }: PipelineError): number {
  const known = STATUS[code];
  if (known !== undefined) return known;
  if (code.startsWith('UNKNOWN_')) return 404;
  if (code.endsWith('_INVALID') || code.endsWith('_MISSING')) return 400;
  return recovery === 'retry' ? 503 : 409;
}

/** Body parsers mark what the client did wrong with a status. */
function bodyProblem(error: unknown): { status: number; error: { code: string; message: string } } | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  if (error.status === 413)
    return { status: 413, error: { code: 'BODY_TOO_LARGE', message: 'the body is larger than this call takes' } };
  if ('type' in error && error.type === 'entity.parse.failed')
    return { status: 400, error: { code: 'BODY_NOT_JSON', message: 'the body is not JSON' } };
  const { status } = error;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  return { status, error: { code: 'REQUEST_INVALID', message: 'the body cannot be read' } };
}

/** What keeps PostgreSQL from serving a request. Undefined: it is not to blame. */
function databaseTrouble(error: unknown): string | undefined {
  const failure = failureOf(error);
  return isWaitedOut(failure) ? FAILURES[failure.name].says : undefined;
}
