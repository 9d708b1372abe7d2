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
from {{ source('hubspot', 'owners') }}
where _sdc_deleted_at is null
