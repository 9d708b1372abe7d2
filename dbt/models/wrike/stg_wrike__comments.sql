{% set columns = {
    'id': 'text',
    'task_id': 'text',
    'folder_id': 'text',
    'author_id': 'text',
    'text': 'text',
    'created_date': 'timestamptz',
    'updated_date': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as comment_id,
    task_id,
    folder_id,
    author_id,
    text as comment,
    created_date as created_at,
    updated_date as updated_at
from {{ optional_source('wrike', 'comments', columns) }} as comments
where _sdc_deleted_at is null
