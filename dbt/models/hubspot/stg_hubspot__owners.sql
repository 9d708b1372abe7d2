{% set columns = {'id': 'text', 'email': 'text', 'type': 'text', 'first_name': 'text', 'last_name': 'text', 'user_id_including_inactive': 'bigint', 'archived': 'boolean', 'teams': 'jsonb', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

select
    id as owner_id,
    email,
    type as owner_type,
    first_name,
    last_name,
    user_id_including_inactive as user_id,
    not archived as is_active,
    teams,
    created_at,
    updated_at,
    _sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'owners', columns) }} as owners
where _sdc_deleted_at is null
