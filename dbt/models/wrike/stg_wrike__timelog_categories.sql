with stream as (
    {{ stream_or_empty('wrike', 'timelog_categories', {
    'id': 'text',
    'name': 'text',
    'hidden': 'boolean'
    }) | indent(4) }}
)

select
    id as category_id,
    name as category_name,
    hidden as is_hidden
from stream
