import type { Request } from 'express';
import { z } from 'zod';
import { type Account, Flag, Id, parsedBody, parsedQuery, storeOfKind } from '../company/account.ts';
import type { Kind } from '../company/kind.ts';
import { internalError, validationError } from './failure.ts';
import { positionBy } from './object-position.ts';
import { chosenProperties, writeObject } from './written-object.ts';

const BATCH_MAX = 100;
/** As documented for requests with `propertiesWithHistory`. */
const HISTORY_BATCH_MAX = 50;

const BatchQuery = z.object({ archived: Flag });
const BatchBody = z.object({
  inputs: z.array(z.object({ id: Id })).max(BATCH_MAX, `The maximum number of inputs is ${BATCH_MAX}`),
  properties: z.array(z.string()).optional(),
  propertiesWithHistory: z.array(z.string()).optional(),
  idProperty: z.string().optional(),
});

/** `POST …/batch/read`: what is found, and an error for what is not. A record that was merged into another is returned as that one. */
export function readBatch(account: Account, kind: Kind, request: Request): object {
  const startedAt = new Date(account.now()).toISOString();
  const store = storeOfKind(account, kind);
  const { archived } = parsedQuery(account, BatchQuery, request);
  const body = parsedBody(account, BatchBody, request);
  const { inputs, properties, propertiesWithHistory = [], idProperty } = body;
  if (propertiesWithHistory.length > 0 && inputs.length > HISTORY_BATCH_MAX) {
    throw validationError(`The maximum number of inputs with propertiesWithHistory is ${HISTORY_BATCH_MAX}`);
  }
  if (inputs.some(({ id }) => account.poisonIds.has(id))) throw internalError();
  const chosen = chosenProperties(kind, properties);
  const found = new Map<number, object>();
  const missing: string[] = [];
  for (const { id } of inputs) {
    const given = positionBy(store, id, idProperty);
    const position = given === undefined ? undefined : (store.survivorOf(given) ?? given);
    const isThere = position !== undefined && (archived ? store.isArchived(position) : store.isLive(position));
    if (isThere) found.set(position, writeObject(store, position, chosen, propertiesWithHistory));
    else missing.push(id);
  }
  const errors = missing.length === 0 ? {} : { numErrors: 1, errors: [missingError(kind, [...new Set(missing)])] };
  const completedAt = new Date(account.now()).toISOString();
  return { status: 'COMPLETE', results: [...found.values()], ...errors, startedAt, completedAt };
}

function missingError(kind: Kind, ids: string[]): object {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: `Could not get some ${kind.singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`,
    context: { ids },
  };
}
