import { randomUUID } from 'node:crypto';
import type { Response } from 'express';

/** A response other than 2xx, thrown where it is found. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly body: Record<string, unknown> | string;
  readonly headers: Record<string, string>;

  constructor(status: number, body: Record<string, unknown> | string, headers: Record<string, string> = {}) {
    super(`status ${status}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }

  send(response: Response): void {
    response.status(this.status).set(this.headers);
    if (typeof this.body === 'string') response.type('text/plain').send(this.body);
    else response.json(this.body);
  }
}

/** 401 and 403 in the form of RFC 7807, as Xero's gateway spells it. */
function problem(status: 401 | 403, detail: string): Record<string, unknown> {
  const title = status === 401 ? 'Unauthorized' : 'Forbidden';
  return { Type: null, Title: title, Status: status, Detail: detail, Instance: randomUUID(), Extensions: {} };
}

export function unauthorised(detail: string): ApiFailure {
  return new ApiFailure(401, problem(401, detail));
}

export function forbidden(): ApiFailure {
  return new ApiFailure(403, problem(403, 'AuthenticationUnsuccessful'));
}

export function notFound(): ApiFailure {
  return new ApiFailure(404, "The resource you're looking for cannot be found");
}

export function invalidQuery(message: string): ApiFailure {
  return new ApiFailure(400, { ErrorNumber: 16, Type: 'QueryParseException', Message: message });
}

export function inefficientQuery(typeName: string): ApiFailure {
  const message = `Your request is not filtering ${typeName}s efficiently, given the extremely high volume for this organisation. Use optimised filters.`;
  return new ApiFailure(400, { ErrorNumber: 16, Type: 'QueryParseException', Message: message });
}

/** The body of an injected failure. */
export function failureBody(status: number): Record<string, unknown> {
  if (status === 401) return problem(401, 'TokenExpired: token expired');
  if (status === 403) return problem(403, 'AuthenticationUnsuccessful');
  if (status === 400) {
    return { ErrorNumber: 10, Type: 'ValidationException', Message: 'A validation exception occurred', Elements: [] };
  }
  return {
    ErrorNumber: status,
    Type: 'UnknownErrorException',
    Message: 'An error occurred in Xero. Check the API Status page',
  };
}
