import { setState } from '@pipeline/control';
import type { Pool } from '@pipeline/postgres';
import { isJsonObject, type Json, parseJson, type State } from '@pipeline/singer';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import { type StreamParameters, streamCommand } from './stream-command.ts';

/** The value of a STATE message: `{"bookmarks": {"deals": {…}}}`. Parsed from the text, so that every number stays as it was written. */
const Body = z
  .string({ error: 'expected a JSON document with Content-Type application/json' })
  .transform((text, context): Json => {
    try {
      return parseJson(text);
    } catch {
      context.addIssue('the body is not JSON');
      return z.NEVER;
    }
  })
  .refine(isState, 'expected the value of a STATE: {"bookmarks": {"<stream>": {…}}}');

/** PUT …/state: sets the bookmark. */
export function setStateRoute(pool: Pool): RequestHandler<StreamParameters> {
  return async (request, response) => {
    const state = Body.parse(request.body);
    response.json(await setState(pool, streamCommand(request), state));
  };
}

function isState(value: Json): value is Json & State {
  return (
    isJsonObject(value) && isJsonObject(value['bookmarks']) && Object.values(value['bookmarks']).every(isJsonObject)
  );
}
