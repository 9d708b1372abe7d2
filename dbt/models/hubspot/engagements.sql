-- What people did with customers: calls, emails, meetings, notes and tasks in one.
select
    'calls' as engagement_type,
    id as engagement_id,
    hs_timestamp as happened_at,
    nullif(hubspot_owner_id, '') as owner_id,
    hs_call_title as subject,
    hs_call_body as body,
    created_at,
    updated_at
from {{ optional_source('hubspot', 'calls', {'id': 'text', 'hs_timestamp': 'timestamptz', 'hubspot_owner_id': 'text', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', 'hs_call_title': 'text', 'hs_call_body': 'text', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'}) }} as calls
where _sdc_deleted_at is null

union all

select
    'emails' as engagement_type,
    id as engagement_id,
    hs_timestamp as happened_at,
    nullif(hubspot_owner_id, '') as owner_id,
    hs_email_subject as subject,
    hs_email_text as body,
    created_at,
    updated_at
from {{ optional_source('hubspot', 'emails', {'id': 'text', 'hs_timestamp': 'timestamptz', 'hubspot_owner_id': 'text', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', 'hs_email_subject': 'text', 'hs_email_text': 'text', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'}) }} as emails
where _sdc_deleted_at is null

union all

select
    'meetings' as engagement_type,
    id as engagement_id,
    hs_timestamp as happened_at,
    nullif(hubspot_owner_id, '') as owner_id,
    hs_meeting_title as subject,
    hs_meeting_body as body,
    created_at,
    updated_at
from {{ optional_source('hubspot', 'meetings', {'id': 'text', 'hs_timestamp': 'timestamptz', 'hubspot_owner_id': 'text', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', 'hs_meeting_title': 'text', 'hs_meeting_body': 'text', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'}) }} as meetings
where _sdc_deleted_at is null

union all

select
    'notes' as engagement_type,
    id as engagement_id,
    hs_timestamp as happened_at,
    nullif(hubspot_owner_id, '') as owner_id,
    null::text as subject,
    hs_note_body as body,
    created_at,
    updated_at
from {{ optional_source('hubspot', 'notes', {'id': 'text', 'hs_timestamp': 'timestamptz', 'hubspot_owner_id': 'text', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', 'hs_note_body': 'text', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'}) }} as notes
where _sdc_deleted_at is null

union all

select
    'tasks' as engagement_type,
    id as engagement_id,
    hs_timestamp as happened_at,
    nullif(hubspot_owner_id, '') as owner_id,
    hs_task_subject as subject,
    hs_task_body as body,
    created_at,
    updated_at
from {{ optional_source('hubspot', 'tasks', {'id': 'text', 'hs_timestamp': 'timestamptz', 'hubspot_owner_id': 'text', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', 'hs_task_subject': 'text', 'hs_task_body': 'text', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'}) }} as tasks
where _sdc_deleted_at is null
