with stream as (
    {{ stream_or_empty('wrike', 'group_members', {
    'group_id': 'text',
    'contact_id': 'text'
    }) | indent(4) }}
)

select
    group_id,
    contact_id
from stream
