import { type ObjectType, objectType } from './object-type.ts';

const CONTACTS = 'crm.objects.contacts.read';

/** An engagement is of use only with whom it was. */
const ASSOCIATED = ['contacts', 'companies', 'deals', 'tickets'];
/** Few companies log these. */
const SELDOM: ReadonlySet<string> = new Set(['communications', 'postal_mail']);
const common = { hs_timestamp: 'datetime', hubspot_owner_id: 'string' } as const;

/** What people did with customers. */
export const engagementTypes: readonly ObjectType[] = [
  engagement('0-48', 'calls', 'call', {
    hs_call_body: 'string',
    hs_call_direction: 'string',
    hs_call_disposition: 'string',
    hs_call_duration: 'number',
    hs_call_status: 'string',
    hs_call_title: 'string',
  }),
  engagement('0-49', 'emails', 'email', {
    hs_email_direction: 'string',
    hs_email_html: 'string',
    hs_email_status: 'string',
    hs_email_subject: 'string',
    hs_email_text: 'string',
  }),
  engagement('0-47', 'meetings', 'meeting', {
    hs_meeting_body: 'string',
    hs_meeting_end_time: 'datetime',
    hs_meeting_location: 'string',
    hs_meeting_outcome: 'string',
    hs_meeting_start_time: 'datetime',
    hs_meeting_title: 'string',
  }),
  engagement('0-46', 'notes', 'note', { hs_note_body: 'string' }),
  engagement('0-27', 'tasks', 'task', {
    hs_task_body: 'string',
    hs_task_priority: 'string',
    hs_task_status: 'string',
    hs_task_subject: 'string',
    hs_task_type: 'string',
  }),
  engagement('0-18', 'communications', 'communication', {
    hs_communication_body: 'string',
    hs_communication_channel_type: 'string',
  }),
  engagement('0-116', 'postal_mail', 'postal_mail', { hs_postal_mail_body: 'string' }),
];

function engagement(id: string, name: string, singular: string, own: ObjectType['standard']): ObjectType {
  const scopes = name === 'emails' ? ['sales-email-read'] : [CONTACTS];
  const isSelectedByDefault = !SELDOM.has(name);
  return objectType({
    id,
    name,
    singular,
    scopes,
    associatedWith: ASSOCIATED,
    standard: { ...common, ...own },
    isSelectedByDefault,
  });
}
