{% set columns = {
    'task_id': 'text',
    'custom_field_id': 'text',
    'type': 'text',
    'value': 'text',
    'value_number': 'numeric',
    'value_date': 'date',
    'value_boolean': 'boolean',
    'value_list': 'jsonb',
    '_sdc_deleted_at': 'timestamptz'
} %}

-- Values as Wrike writes them, and in the type of their field.

select
    task_id,
    custom_field_id,
    type as field_type,
    value,
    value_number,
    value_date,
    value_boolean,
    value_list
from {{ optional_source('wrike', 'task_custom_fields', columns) }} as task_custom_fields
where _sdc_deleted_at is null
