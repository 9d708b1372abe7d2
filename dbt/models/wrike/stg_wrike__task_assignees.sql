with stream as (
    {{ stream_or_empty('wrike', 'task_assignees', {
    'task_id': 'text',
    'contact_id': 'text'
    }) | indent(4) }}
)

select
    task_id,
    contact_id
from stream
