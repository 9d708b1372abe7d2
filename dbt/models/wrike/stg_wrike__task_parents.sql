{% set columns = {
    'task_id': 'text',
    'folder_id': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    task_id,
    folder_id
from {{ optional_source('wrike', 'task_parents', columns) }} as task_parents
where _sdc_deleted_at is null
