-- What people did with customers: calls, emails, meetings, notes and tasks in one.
{% set engagements = {
    'calls': {'subject': 'hs_call_title', 'body': 'hs_call_body'},
    'emails': {'subject': 'hs_email_subject', 'body': 'hs_email_text'},
    'meetings': {'subject': 'hs_meeting_title', 'body': 'hs_meeting_body'},
    'notes': {'body': 'hs_note_body'},
    'tasks': {'subject': 'hs_task_subject', 'body': 'hs_task_body'}
} %}
{% for type, texts in engagements.items() %}
{% set columns = {'id': 'text', 'hs_timestamp': 'timestamptz', 'hubspot_owner_id': 'text', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}
{% for column in texts.values() %}{% do columns.update({column: 'text'}) %}{% endfor %}
select
    '{{ type }}' as engagement_type,
    id as engagement_id,
    hs_timestamp as happened_at,
    nullif(hubspot_owner_id, '') as owner_id,
    {{ texts.subject or 'null::text' }} as subject,
    {{ texts.body }} as body,
    created_at,
    updated_at
from {{ optional_source('hubspot', type, columns) }} as {{ type }}
where _sdc_deleted_at is null
{{ 'union all' if not loop.last }}
{% endfor %}
