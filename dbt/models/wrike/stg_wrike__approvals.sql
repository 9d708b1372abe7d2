with stream as (
    {{ stream_or_empty('wrike', 'approvals', {
    'id': 'text',
    'task_id': 'text',
    'folder_id': 'text',
    'author_id': 'text',
    'title': 'text',
    'status': 'text',
    'finished': 'boolean',
    'due_date': 'date',
    'updated_date': 'timestamptz'
    }) | indent(4) }}
)

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
from stream
