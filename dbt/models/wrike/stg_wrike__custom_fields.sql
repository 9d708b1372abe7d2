{% set columns = {
    'id': 'text',
    'title': 'text',
    'type': 'text',
    'space_id': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as custom_field_id,
    title as field_name,
    type as field_type,
    space_id
from {{ optional_source('wrike', 'custom_fields', columns) }} as custom_fields
where _sdc_deleted_at is null
