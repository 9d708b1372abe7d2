import { PipelineError } from '@pipeline/protocol';
import { type Bookmark, column, isJsonObject, type JsonObject, objectSchema } from '@pipeline/singer';
import { defineStream, type Extract, lookBack, type ReadContext, type StreamShape } from '@pipeline/tap-kit';
import { collectionPages, instantOf, textField } from '../reading/collection.ts';
import { FORMS_PATH, SUBMISSIONS_PATH } from '../reading/paths.ts';
import type { Settings } from '../settings.ts';

const FORMS_PAGE = 100;
const SUBMISSIONS_PAGE = 50;

/** What was filled in. It never changes. */
const submissions: StreamShape = {
  name: 'form_submissions',
  keyProperties: ['form_id', 'conversion_id'],
  schema: objectSchema({
    form_id: column.key,
    conversion_id: column.key,
    submitted_at: column.dateTime,
    page_url: column.string,
    values: column.array,
  }),
};

/** Forms of every type, archived ones too, and what was filled in: the newest first, so a read ends at what it knows. */
export const forms = defineStream<Settings>({
  name: 'forms',
  keyProperties: ['id'],
  schema: objectSchema({
    id: column.key,
    name: column.string,
    formType: column.string,
    archived: column.boolean,
    createdAt: column.dateTime,
    updatedAt: column.dateTime,
    fieldGroups: column.array,
    configuration: column.object,
    displayOptions: column.object,
    legalConsentOptions: column.object,
  }),
  replication: { method: 'INCREMENTAL', key: 'submitted_at' },
  children: [submissions],
  about: {
    endpoint: `GET ${FORMS_PATH}?formTypes=all, GET ${SUBMISSIONS_PATH}/{id}`,
    scopes: ['forms'],
    deletes: 'forms: every read is complete; submissions stay',
  },
  read: readForms,
});

async function* readForms(context: ReadContext<Settings>): AsyncGenerator<Extract> {
  const { http, settings, startedAt, isSelected } = context;
  const known = knownForms(context.bookmark);
  const done: Record<string, string> = {};
  for (const archived of [false, true]) {
    for await (const page of collectionPages(http, FORMS_PATH, { limit: FORMS_PAGE, formTypes: 'all', archived })) {
      yield { type: 'records', stream: 'forms', records: page };
      if (!isSelected(submissions.name)) continue;
      for (const form of page) {
        const id = textField(form, 'id');
        yield* readSubmissions(context, id, context.fullRead ? undefined : known[id]);
        done[id] = lookBack(startedAt, settings);
      }
    }
  }
  yield { type: 'deletes', stream: 'forms', rule: { kind: 'absent' } };
  yield { type: 'checkpoint', bookmark: { submitted_at: lookBack(startedAt, settings), forms: done } };
}

/** Up to when each form's submissions are read: a form that is new, or was not selected, is read from its beginning. */
function knownForms(bookmark: Bookmark | undefined): Record<string, string> {
  const forms = bookmark?.['forms'];
  const entries = isJsonObject(forms) ? Object.entries(forms) : [];
  return Object.fromEntries(entries.flatMap(([id, at]) => (typeof at === 'string' ? [[id, at]] : [])));
}

async function* readSubmissions(
  { http }: ReadContext<Settings>,
  formId: string,
  since: string | undefined,
): AsyncGenerator<Extract> {
  const pages = collectionPages(http, `${SUBMISSIONS_PATH}/${formId}`, { limit: SUBMISSIONS_PAGE });
  try {
    for await (const page of pages) {
      const records = page.map((submission) => submissionRow(formId, submission));
      if (records.length > 0) yield { type: 'records', stream: submissions.name, records };
      const oldest = records.at(-1)?.submitted_at;
      if (since !== undefined && typeof oldest === 'string' && Date.parse(oldest) < Date.parse(since)) return;
    }
  } catch (error) {
    if (!isUnreadableForm(error)) throw error;
  }
}

function submissionRow(formId: string, submission: JsonObject) {
  return {
    form_id: formId,
    conversion_id: textField(submission, 'conversionId'),
    submitted_at: instantOf(submission['submittedAt']),
    page_url: submission['pageUrl'] ?? null,
    values: submission['values'] ?? null,
  };
}

/** Comments on a blog are forms whose submissions cannot be read (400 `FORM_TYPE_NOT_ALLOWED`); a form may be deleted meanwhile (404). */
function isUnreadableForm(error: unknown): boolean {
  return error instanceof PipelineError && [400, 404].includes(Number(error.context['status']));
}
