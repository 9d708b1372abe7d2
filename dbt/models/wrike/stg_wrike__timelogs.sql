{% set columns = {
    'id': 'text',
    'task_id': 'text',
    'user_id': 'text',
    'category_id': 'text',
    'billing_type': 'text',
    'hours': 'numeric',
    'tracked_date': 'date',
    'comment': 'text',
    'created_date': 'timestamptz',
    'updated_date': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as timelog_id,
    task_id,
    user_id as contact_id,
    category_id,
    billing_type,
    hours,
    tracked_date,
    nullif(comment, '') as comment,
    created_date as created_at,
    updated_date as updated_at
from {{ optional_source('wrike', 'timelogs', columns) }} as timelogs
where _sdc_deleted_at is null
