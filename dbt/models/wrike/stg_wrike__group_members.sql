{% set columns = {
    'group_id': 'text',
    'contact_id': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    group_id,
    contact_id
from {{ optional_source('wrike', 'group_members', columns) }} as group_members
where _sdc_deleted_at is null
