with stream as (
    {{ stream_or_empty('wrike', 'comments', {
    'id': 'text',
    'task_id': 'text',
    'folder_id': 'text',
    'author_id': 'text',
    'text': 'text',
    'created_date': 'timestamptz',
    'updated_date': 'timestamptz'
    }) | indent(4) }}
)

select
    id as comment_id,
    task_id,
    folder_id,
    author_id,
    text as comment,
    created_date as created_at,
    updated_date as updated_at
from stream
