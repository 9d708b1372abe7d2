-- Values as Wrike writes them, and in the type of their field.

with stream as (
    {{ stream_or_empty('wrike', 'task_custom_fields', {
    'task_id': 'text',
    'custom_field_id': 'text',
    'type': 'text',
    'value': 'text',
    'value_number': 'numeric',
    'value_date': 'date',
    'value_boolean': 'boolean',
    'value_list': 'jsonb'
    }) | indent(4) }}
)

select
    task_id,
    custom_field_id,
    type as field_type,
    value,
    value_number,
    value_date,
    value_boolean,
    value_list
from stream
