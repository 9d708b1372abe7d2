select
    pipeline_id,
    id as stage_id,
    label as stage_name,
    display_order,
    (metadata ->> 'isClosed')::boolean as is_closed,
    (metadata ->> 'probability')::numeric as probability,
    created_at,
    updated_at,
    _sdc_batched_at as loaded_at
from {{ source('hubspot', 'deal_pipeline_stages') }}
where _sdc_deleted_at is null
