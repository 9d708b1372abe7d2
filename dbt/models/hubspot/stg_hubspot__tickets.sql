{% set columns = {'id': 'text', 'subject': 'text', 'content': 'text', 'hs_pipeline': 'text', 'hs_pipeline_stage': 'text', 'hs_ticket_category': 'text', 'hs_ticket_priority': 'text', 'hubspot_owner_id': 'text', 'closed_date': 'timestamptz', 'first_agent_reply_date': 'timestamptz', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

select
    id as ticket_id,
    subject,
    content,
    hs_pipeline as pipeline_id,
    hs_pipeline_stage as stage_id,
    hs_ticket_category as category,
    hs_ticket_priority as priority,
    nullif(hubspot_owner_id, '') as owner_id,
    first_agent_reply_date as first_reply_at,
    closed_date as closed_at,
    created_at,
    updated_at,
    _sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'tickets', columns) }} as tickets
where _sdc_deleted_at is null
