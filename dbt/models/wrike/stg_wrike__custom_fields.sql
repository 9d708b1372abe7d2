with stream as (
    {{ stream_or_empty('wrike', 'custom_fields', {
    'id': 'text',
    'title': 'text',
    'type': 'text',
    'space_id': 'text'
    }) | indent(4) }}
)

select
    id as custom_field_id,
    title as field_name,
    type as field_type,
    space_id
from stream
