import { randomUUID } from 'node:crypto';
import type { Response } from 'express';

type Body = Record<string, unknown>;

/** A response other than 2xx, thrown where it is found. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly body: Body | string;

  constructor(status: number, body: Body | string) {
    super(`status ${status}`);
    this.status = status;
    this.body = body;
  }

  send(response: Response): void {
    response.status(this.status);
    if (typeof this.body === 'string') response.type('text/html').send(this.body);
    else response.json(this.body);
  }
}

function errorBody(category: string, message: string, more: Body = {}): Body {
  return { status: 'error', message, correlationId: randomUUID(), ...more, category };
}

export function validationError(message: string): ApiFailure {
  return new ApiFailure(400, errorBody('VALIDATION_ERROR', message));
}

export function notFound(): ApiFailure {
  return new ApiFailure(404, errorBody('OBJECT_NOT_FOUND', 'resource not found'));
}

export function unauthorised(): ApiFailure {
  return new ApiFailure(401, failureBody(401));
}

export function expired(endedAt: number): ApiFailure {
  const at = new Date(endedAt).toISOString();
  const message = 'The OAuth token used to make this call expired 5 hour(s) ago.';
  return new ApiFailure(401, errorBody('EXPIRED_AUTHENTICATION', message, { context: { 'expire time': [at] } }));
}

export function uriTooLong(): ApiFailure {
  return new ApiFailure(414, '<html><head><title>414 Request-URI Too Large</title></head></html>');
}

/** The response for a type of the object library that no administrator activated. */
export function notActivated(type: string): ApiFailure {
  return new ApiFailure(
    400,
    errorBody('VALIDATION_ERROR', `Object type ${type} is not enabled for this portal`, {
      subCategory: 'ObjectTypeError.OBJECT_TYPE_NOT_ENABLED',
    }),
  );
}

export function missingScopes(scopes: readonly string[]): ApiFailure {
  return new ApiFailure(403, scopesBody(scopes));
}

/** Known from users of the real API: some requests fail whenever they are made. */
export function internalError(): ApiFailure {
  return new ApiFailure(500, failureBody(500));
}

function scopesBody(scopes: readonly string[]): Body {
  return errorBody(
    'MISSING_SCOPES',
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    {
      errors: [
        {
          message: 'One or more of the following scopes are required.',
          context: { requiredGranularScopes: [...scopes] },
        },
      ],
      links: { scopes: 'https://developers.hubspot.com/scopes' },
    },
  );
}

export type Limit = 'search' | 'burst' | 'day';

/** Each limit has its own form of 429, and none says when to come back. */
export function tooManyRequests(limit: Limit): ApiFailure {
  return new ApiFailure(429, rateLimitBody(limit));
}

function rateLimitBody(limit: Limit): Body {
  const correlationId = randomUUID();
  if (limit === 'search') return errorBody('RATE_LIMITS', 'You have reached your secondly limit.');
  const isDaily = limit === 'day';
  return {
    status: 'error',
    message: `You have reached your ${isDaily ? 'daily' : 'ten_secondly_rolling'} limit.`,
    errorType: 'RATE_LIMIT',
    correlationId,
    policyName: isDaily ? 'DAILY' : 'TEN_SECONDLY_ROLLING',
    ...(isDaily ? { requestId: randomUUID() } : { groupName: 'publicapi:private-app-api-calls-ten-secondly:6748263' }),
  };
}

/** The body of a response with this status: also of injected failures. */
export function failureBody(status: number): Body {
  switch (status) {
    case 401:
      return errorBody(
        'INVALID_AUTHENTICATION',
        'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
      );
    case 403:
      return scopesBody(['crm.objects.deals.read']);
    case 404:
      return errorBody('OBJECT_NOT_FOUND', 'resource not found');
    case 423:
      return errorBody('LOCKED', 'Resource is locked. Wait at least 2 seconds and try again.');
    case 429:
      return rateLimitBody('burst');
    default:
      return errorBody(status < 500 ? 'VALIDATION_ERROR' : 'INTERNAL_ERROR', 'internal error');
  }
}

/** The response for the submissions of comments on a blog. */
export function formTypeNotAllowed(): ApiFailure {
  return new ApiFailure(
    400,
    errorBody('VALIDATION_ERROR', 'Submissions of this type of form cannot be read', {
      errors: [{ message: 'form type BLOG_COMMENT is not allowed', errorType: 'FORM_TYPE_NOT_ALLOWED' }],
    }),
  );
}
