import { NewAlertChannel, NewConnection, ScheduleRequest } from '@pipeline/protocol/api';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { RequestError } from '../api/http/errors.ts';

/** A secret by reference: a variable of the scheduler's environment. */
const Reference = z.strictObject({
  env: z.string().regex(/^[A-Z][A-Z0-9_]{0,120}$/, 'expected the name of a variable'),
});

/** A connection that variables make: only what the page may say of it. */
const Beneath = z.strictObject({
  source: NewConnection.shape.source,
  madeBy: z.literal('variables'),
  settings: NewConnection.shape.settings,
  secrets: z.record(z.string(), Reference).default({}),
  schedule: ScheduleRequest.optional(),
});

const Own = NewConnection.omit({ name: true, consentId: true, secrets: true }).extend({
  madeBy: z.literal('page').optional(),
  secrets: z.record(z.string(), Reference).default({}),
});

/** Everything that a person can set, as one YAML document. */
export const Document = z.strictObject({
  /** What no variable sets. */
  settings: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).default({}),
  connections: z.record(NewConnection.shape.name, z.union([Beneath, Own])).default({}),
  /** Where alerts go, by name. */
  alerts: z
    .record(NewAlertChannel.shape.name, NewAlertChannel.omit({ name: true }).extend({ target: Reference }))
    .default({}),
});
export type Document = z.output<typeof Document>;
export type DocumentedConnection = Document['connections'][string];

export const writeDocument = (document: Document): string => stringify(document);

/** @throws RequestError `REQUEST_INVALID` that names what is wrong */
export function readDocument(yaml: string): Document {
  const refuse = (message: string) =>
    new RequestError({ status: 400, code: 'REQUEST_INVALID', message, fields: [{ path: 'yaml', message }] });
  let value: unknown;
  try {
    value = parse(yaml, { maxAliasCount: 0 });
  } catch (error) {
    throw refuse(error instanceof Error ? (error.message.split('\n')[0] ?? 'is no YAML') : 'is no YAML');
  }
  const document = Document.safeParse(value ?? {});
  if (document.success) return document.data;
  throw refuse(problemsOf(document.error.issues).join('; '));
}

/** Of a union the branch that came furthest: the other one is not what was meant. */
function problemsOf(issues: readonly z.core.$ZodIssue[], above: PropertyKey[] = []): string[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path];
    if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      const branches = issue.errors.map((errors) => problemsOf(errors, path));
      return branches.toSorted((one, other) => one.length - other.length)[0] ?? [];
    }
    return [`${path.map(String).join('.') || 'the document'}: ${issue.message}`];
  });
}
