import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';

/** Lets a request pass that carries the token. Without a configured token nothing passes. */
export function bearerAuth(token: string | undefined): RequestHandler {
  const expected = token === undefined ? undefined : digest(token);
  return (request, response, next) => {
    if (expected === undefined) {
      response.status(403).json({ error: 'API_TOKEN is not set: this call is switched off' });
      return;
    }
    const given = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      response.status(401).set('WWW-Authenticate', 'Bearer').json({ error: 'a valid bearer token is required' });
      return;
    }
    next();
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest();
