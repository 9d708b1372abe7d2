{% set columns = {
    'id': 'text',
    'task_id': 'text',
    'folder_id': 'text',
    'author_id': 'text',
    'title': 'text',
    'status': 'text',
    'finished': 'boolean',
    'due_date': 'date',
    'updated_date': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as approval_id,
    task_id,
    folder_id,
    author_id,
    title as approval_name,
    status as approval_status,
    finished as is_finished,
    due_date,
    updated_date as updated_at
from {{ optional_source('wrike', 'approvals', columns) }} as approvals
where _sdc_deleted_at is null
