with stream as (
    {{ stream_or_empty('wrike', 'task_parents', {
    'task_id': 'text',
    'folder_id': 'text'
    }) | indent(4) }}
)

select
    task_id,
    folder_id
from stream
