{% set columns = {
    'space_id': 'text',
    'contact_id': 'text',
    'access_role_id': 'text',
    'is_manager': 'boolean',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    space_id,
    contact_id,
    access_role_id,
    is_manager
from {{ optional_source('wrike', 'space_members', columns) }} as space_members
where _sdc_deleted_at is null
