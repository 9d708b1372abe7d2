{% set columns = {
    'task_id': 'text',
    'contact_id': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    task_id,
    contact_id
from {{ optional_source('wrike', 'task_assignees', columns) }} as task_assignees
where _sdc_deleted_at is null
