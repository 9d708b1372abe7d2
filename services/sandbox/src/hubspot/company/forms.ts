import type { Random } from '../../random.ts';
import { FIRST_NAMES, LAST_NAMES } from '../names.ts';
import { isoInstant } from './draw.ts';
import { DAY_MS, HISTORY_END } from './times.ts';

export const FORM_TYPES = ['hubspot', 'captured', 'flow', 'blog_comment'] as const;
export type FormType = (typeof FORM_TYPES)[number];

export interface Submission {
  id: string;
  submittedAt: number;
  values: { name: string; value: string; objectTypeId: string }[];
}

export interface Form {
  id: string;
  name: string;
  type: FormType;
  createdAt: number;
  updatedAt: number;
  archived: boolean;
  /** The newest first. */
  submissions: Submission[];
}

export function foundedForms(deals: number, random: Random): Form[] {
  const most = Math.min(300, Math.ceil(deals * 0.3));
  const types: FormType[] = ['hubspot', 'hubspot', 'captured', 'flow', 'blog_comment'];
  return types.map((type, index) => {
    const updatedAt = HISTORY_END - random.integer(1_000, DAY_MS);
    const form: Form = {
      id: guid(random),
      name: `${type} form ${index + 1}`,
      type,
      createdAt: updatedAt - 30 * DAY_MS,
      updatedAt,
      archived: index === 1,
      submissions: [],
    };
    for (let count = Math.ceil(most / (index + 1)); count > 0; count -= 1) {
      submit(form, random, HISTORY_END - count * random.integer(60_000, 90_000));
    }
    form.submissions.sort((one, other) => other.submittedAt - one.submittedAt);
    return form;
  });
}

/** Somebody fills in a form. */
export function submit(form: Form, random: Random, now: number): void {
  const name = random.pick(FIRST_NAMES);
  const email = `${name}.${random.pick(LAST_NAMES)}@example.com`.toLowerCase();
  // Two rounds of changes with one seed draw the same id.
  let id = guid(random);
  while (form.submissions.some((other) => other.id === id)) id = guid(random);
  form.submissions.unshift({
    id,
    submittedAt: now,
    values: [
      { name: 'email', value: email, objectTypeId: '0-1' },
      { name: 'firstname', value: name, objectTypeId: '0-1' },
    ],
  });
}

/** As `GET /marketing/v3/forms` writes it. */
export function writeForm(form: Form): Record<string, unknown> {
  const { id, name, type, createdAt, updatedAt, archived } = form;
  const email = { objectTypeId: '0-1', name: 'email', label: 'Email', required: true, hidden: false };
  return {
    id,
    name,
    formType: type,
    createdAt: isoInstant(createdAt),
    updatedAt: isoInstant(updatedAt),
    archived,
    fieldGroups: [{ groupType: 'default_group', richTextType: 'text', fields: [{ ...email, fieldType: 'email' }] }],
    configuration: { language: 'en', cloneable: true, editable: true, archivable: true },
    displayOptions: { renderRawHtml: false, theme: 'default_style' },
    legalConsentOptions: { type: 'none' },
  };
}

export function writeSubmission({ id, submittedAt, values }: Submission): Record<string, unknown> {
  return { conversionId: id, submittedAt, values, pageUrl: 'https://www.example.com/contact' };
}

export function guid(random: Random): string {
  const hex = (length: number) => Array.from({ length }, () => random.integer(0, 15).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
