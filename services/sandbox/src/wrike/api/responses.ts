import type { Response } from 'express';

/** An error as the API words it. */
export class WrikeError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }
}

export const invalidParameter = (name: string): WrikeError =>
  new WrikeError(400, 'invalid_parameter', `Parameter '${name}' value is invalid`);

export const notFound = (): WrikeError => new WrikeError(404, 'resource_not_found', 'Requested entity is not found');

const CODES: Record<number, [string, string]> = {
  400: ['invalid_request', 'Request is invalid'],
  401: ['not_authorized', 'Access token is unknown or invalid'],
  403: ['access_forbidden', 'Access to requested entity is denied'],
  404: ['resource_not_found', 'Requested entity is not found'],
  429: ['rate_limit_exceeded', 'IP or access token exceeded limit: 400 requests per minute'],
};

export function errorBody(status: number): Record<string, unknown> {
  const [error, errorDescription] = CODES[status] ?? ['server_error', 'Internal server error'];
  return { errorDescription, error };
}

export function sendError(response: Response, { status, code, message }: WrikeError): void {
  response.status(status).json({ errorDescription: message, error: code });
}

export interface Page {
  kind: string;
  data: Record<string, unknown>[];
  /** Absent on the last page and where the endpoint does not page. */
  nextPageToken?: string | undefined;
  /** All matches of the query. */
  responseSize?: number;
}

export function sendPage(response: Response, { kind, nextPageToken, responseSize, data }: Page): void {
  response.json({
    kind,
    ...(nextPageToken !== undefined && { nextPageToken }),
    ...(responseSize !== undefined && { responseSize }),
    data,
  });
}
