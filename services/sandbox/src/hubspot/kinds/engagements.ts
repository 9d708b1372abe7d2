import type { Kind } from '../company/kind.ts';
import { field, simpleKind } from '../company/simple-kind.ts';

const CONTACTS = ['crm.objects.contacts.read'];
const common = { hs_timestamp: field.instant(), hubspot_owner_id: field.owner() };

/** What people did with customers. */
export const engagementKinds: readonly Kind[] = [
  simpleKind({
    typeId: '0-48',
    name: 'calls',
    singular: 'call',
    scopes: CONTACTS,
    firstId: 31_000_000_001,
    share: 0.3,
    fields: {
      ...common,
      hs_call_body: field.text('They asked about the price.', 0.6),
      hs_call_direction: field.choice('INBOUND', 'OUTBOUND'),
      hs_call_disposition: field.choice('9d9162e7-6cf3-4944-bf63-4dff82258764', 'f240bbac-87c9-4f6e-bf70-924b57d47db7'),
      hs_call_duration: field.number(1_000, 3_600_000),
      hs_call_from_number: field.text('+1 555', 0.7),
      // cspell:ignore ANSWER
      hs_call_status: field.choice('COMPLETED', 'NO_ANSWER', 'BUSY'),
      hs_call_title: field.text('Call'),
      hs_call_to_number: field.text('+44 20', 0.7),
    },
  }),
  simpleKind({
    typeId: '0-49',
    name: 'emails',
    singular: 'email',
    scopes: ['sales-email-read'],
    firstId: 32_000_000_001,
    share: 0.3,
    fields: {
      ...common,
      hs_attachment_ids: field.text('24332474034;', 0.1),
      hs_email_direction: field.choice('EMAIL', 'INCOMING_EMAIL', 'FORWARDED_EMAIL'),
      hs_email_html: field.text('<div>Hello <b>there</b></div>', 0.8),
      hs_email_status: field.choice('SENT', 'BOUNCED'),
      hs_email_subject: field.text('Your offer'),
      hs_email_text: field.text('Hello there', 0.8),
    },
  }),
  simpleKind({
    typeId: '0-47',
    name: 'meetings',
    singular: 'meeting',
    scopes: CONTACTS,
    firstId: 33_000_000_001,
    share: 0.2,
    fields: {
      ...common,
      hs_internal_meeting_notes: field.text('Bring the contract', 0.4),
      hs_meeting_body: field.text('Agenda', 0.6),
      hs_meeting_end_time: field.instant(),
      hs_meeting_external_url: field.text('https://meet.example.com/', 0.3),
      hs_meeting_location: field.city(),
      hs_meeting_outcome: field.choice('SCHEDULED', 'COMPLETED', 'NO_SHOW'),
      hs_meeting_start_time: field.instant(),
      hs_meeting_title: field.text('Meeting'),
    },
  }),
  simpleKind({
    typeId: '0-46',
    name: 'notes',
    singular: 'note',
    scopes: CONTACTS,
    firstId: 34_000_000_001,
    share: 0.3,
    fields: { ...common, hs_attachment_ids: field.text('1;2', 0.1), hs_note_body: field.text('<p>Call back</p>') },
  }),
  simpleKind({
    typeId: '0-27',
    name: 'tasks',
    singular: 'task',
    scopes: CONTACTS,
    firstId: 35_000_000_001,
    share: 0.2,
    fields: {
      ...common,
      hs_task_body: field.text('Do it', 0.5),
      hs_task_priority: field.choice('LOW', 'MEDIUM', 'HIGH'),
      hs_task_status: field.choice('NOT_STARTED', 'IN_PROGRESS', 'COMPLETED'),
      hs_task_subject: field.text('Send the offer'),
      hs_task_type: field.choice('CALL', 'EMAIL', 'TODO'),
    },
  }),
  simpleKind({
    typeId: '0-18',
    name: 'communications',
    singular: 'communication',
    scopes: CONTACTS,
    firstId: 36_000_000_001,
    share: 0.05,
    fields: {
      ...common,
      hs_communication_body: field.text('On my way'),
      hs_communication_channel_type: field.choice('SMS', 'WHATS_APP', 'LINKEDIN_MESSAGE'),
      hs_communication_logged_from: field.choice('CRM'),
    },
  }),
  simpleKind({
    typeId: '0-116',
    name: 'postal_mail',
    singular: 'postal_mail',
    scopes: CONTACTS,
    firstId: 37_000_000_001,
    share: 0.03,
    fields: { ...common, hs_postal_mail_body: field.text('Sent by post') },
  }),
];
