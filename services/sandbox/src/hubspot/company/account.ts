import type { Request } from 'express';
import { type ZodObject, type ZodType, z } from 'zod';
import { missingScopes, notActivated, validationError } from '../api/failure.ts';
import { kinds } from '../kinds/all.ts';
import type { Kind } from './kind.ts';
import type { ObjectStore } from './object-store.ts';
import type { Portal } from './portal.ts';

/** The account as the routes see it. */
export interface Account {
  portal: Portal;
  now: () => number;
  /** How long a change stays out of the search index, in milliseconds. */
  indexLagMs: number;
  notImitated: (what: string) => void;
  /** Scopes that the app was not granted. */
  missingScopes: Set<string>;
  /** Type ids that the account has not activated. */
  notActivated: Set<string>;
  /** A batch with one of these ids fails with 500, whatever else is in it. */
  poisonIds: Set<string>;
}

/** The type that a path names: by its plural, singular or fully qualified name, or by its id. @throws ApiFailure 400 or 403 */
export function kindOf(account: Account, name: string | undefined, use: 'objects' | 'properties' = 'objects'): Kind {
  const kind = [...kinds.values()].find((one) => namesOf(one, use).includes(name ?? ''));
  if (kind === undefined) throw validationError(`Unable to infer object type from: ${name}`);
  if (account.notActivated.has(kind.typeId)) throw notActivated(kind.name);
  requireScope(account, kind.scopes);
  return kind;
}

/** The short name of a custom object works on some endpoints only. */
function namesOf({ typeId, name, singular, aliases = [], isCustom = false }: Kind, use: string): readonly string[] {
  return isCustom && use === 'properties' ? [typeId, ...aliases] : [typeId, name, singular, ...aliases];
}

export function storeOfKind({ portal }: Account, { name }: Kind): ObjectStore {
  const store = portal.objects.get(name);
  if (store === undefined) throw new RangeError(`no objects of type ${name}`);
  return store;
}

/** @throws ApiFailure 403 unless one of these scopes was granted */
export function requireScope(account: Account, scopes: readonly string[]): void {
  if (scopes.every((scope) => account.missingScopes.has(scope))) throw missingScopes(scopes);
}

/** The query of a request. What it names beyond the schema is reported. @throws ApiFailure 400 */
export function parsedQuery<Shape extends ZodObject>(
  account: Account,
  schema: Shape,
  request: Request,
): z.infer<Shape> {
  const parsed = schema.safeParse(request.query);
  if (!parsed.success) throw validationError(`Invalid request: ${z.prettifyError(parsed.error)}`);
  report(account, request, 'parameter', request.query, schema.shape);
  return parsed.data;
}

/** The body of a request. What it names beyond the schema is reported. @throws ApiFailure 400 */
export function parsedBody<Shape extends ZodObject>(account: Account, schema: Shape, request: Request): z.infer<Shape> {
  const parsed = schema.safeParse(request.body);
  if (!parsed.success) throw validationError(`Invalid input JSON: ${z.prettifyError(parsed.error)}`);
  report(account, request, 'body field', request.body, schema.shape);
  return parsed.data;
}

function report(account: Account, request: Request, what: string, given: object, known: object): void {
  for (const name of Object.keys(given)) {
    if (name in known) continue;
    account.notImitated(`${request.method} ${request.baseUrl}${request.path}: ${what} ${name}`);
  }
}

/** `true`, `True` or `TRUE`: clients in other languages write it their way. */
export const Flag: ZodType<boolean> = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(['true', 'false']))
  .default('false')
  .transform((text) => text === 'true');

/** `a,b`, or the parameter repeated: `properties=a&properties=b`. */
export const Names: ZodType<string[] | undefined> = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((given) =>
    given === undefined
      ? undefined
      : [given]
          .flat()
          .flatMap((text) => text.split(','))
          .filter((name) => name !== ''),
  );

/** Ids come as text or as numbers. */
export const Id = z.union([z.string(), z.number()]).transform(String);

/** The address of a page's successor: the same request with another cursor. */
export function nextPage(request: Request, after: string): object {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) {
    for (const one of [value].flat()) if (name !== 'after') query.append(name, String(one));
  }
  query.set('after', after);
  const [path] = request.originalUrl.split('?');
  return { next: { after, link: `https://api.hubapi.com${path}?${query}` } };
}

/** A page of an array behind an opaque cursor. */
export function pageOf<Item>(
  items: readonly Item[],
  options: { limit: number; after: string | undefined; request: Request },
): { page: Item[]; paging: { paging?: object } } {
  const { limit, after, request } = options;
  const from = after === undefined ? 0 : Number(Buffer.from(after, 'base64').toString());
  if (!Number.isInteger(from) || from < 0) throw validationError('Invalid paging cursor');
  const next = from + limit;
  const cursor = Buffer.from(String(next)).toString('base64');
  return {
    page: items.slice(from, next),
    paging: next < items.length ? { paging: nextPage(request, cursor) } : {},
  };
}
