import type { Kind } from '../company/kind.ts';
import { SUPPORT_STAGE_IDS } from '../company/pipelines.ts';
import { field, happened, ownStages, simpleKind, staged } from '../company/simple-kind.ts';

/** Tickets, leads and what customers said. */
export const serviceKinds: readonly Kind[] = [
  simpleKind({
    typeId: '0-5',
    name: 'tickets',
    singular: 'ticket',
    scopes: ['tickets'],
    firstId: 41_000_000_001,
    createdProperty: 'createdate',
    isMergeable: true,
    share: 0.4,
    fields: {
      closed_date: happened(),
      content: field.text('It does not open.'),
      first_agent_reply_date: happened(),
      hs_ticket_category: field.choice('PRODUCT_ISSUE', 'BILLING_ISSUE', 'FEATURE_REQUEST'),
      hs_ticket_priority: field.choice('LOW', 'MEDIUM', 'HIGH', 'URGENT'),
      hubspot_owner_id: field.owner(),
      patient_number: field.sensitive('sensitive'),
      subject: field.text('Ticket'),
      ...staged('hs_pipeline', 'hs_pipeline_stage', SUPPORT_STAGE_IDS, '0'),
    },
  }),
  simpleKind({
    typeId: '0-136',
    name: 'leads',
    singular: 'lead',
    scopes: ['crm.objects.leads.read'],
    firstId: 42_000_000_001,
    share: 0.05,
    fields: {
      hs_lead_label: field.choice('HOT', 'WARM', 'COLD'),
      hs_lead_name: field.name(),
      hs_lead_type: field.choice('NEW_BUSINESS', 'RE_ATTEMPTING'),
      hubspot_owner_id: field.owner(),
      ...ownStages('leads'),
    },
  }),
  simpleKind({
    typeId: '0-19',
    name: 'feedback_submissions',
    singular: 'feedback_submission',
    scopes: ['crm.objects.feedback_submissions.read'],
    firstId: 43_000_000_001,
    share: 0.05,
    fields: {
      hs_content: field.text('Good work', 0.6),
      hs_response_group: field.choice('PROMOTER', 'PASSIVE', 'DETRACTOR'),
      hs_sentiment: field.choice('HAPPY', 'NEUTRAL', 'UNHAPPY'),
      hs_survey_channel: field.choice('EMAIL', 'WEB'),
    },
  }),
  simpleKind({
    typeId: '0-74',
    name: 'goal_targets',
    singular: 'goal_target',
    scopes: ['crm.objects.goals.read'],
    firstId: 44_000_000_001,
    share: 0.02,
    fields: {
      hs_goal_name: field.text('Revenue'),
      hs_start_datetime: field.instant(),
      hs_target_amount: field.money(),
    },
  }),
  simpleKind({
    typeId: '0-115',
    name: 'users',
    singular: 'user',
    scopes: ['crm.objects.users.read'],
    firstId: 45_000_000_001,
    share: 0.02,
    most: 100,
    fields: { hs_given_name: field.name(), hs_job_title: field.text('Manager'), hs_standard_time_zone: field.city() },
  }),
  simpleKind({
    typeId: '0-54',
    name: 'marketing_events',
    singular: 'marketing_event',
    scopes: ['crm.objects.marketing_events.read'],
    firstId: 46_000_000_001,
    share: 0.02,
    most: 500,
    fields: {
      hs_event_name: field.text('Fair'),
      hs_event_type: field.choice('WEBINAR', 'FAIR'),
      hs_start_datetime: field.instant(),
    },
  }),
];
