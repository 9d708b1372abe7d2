select
    id as pipeline_id,
    label as pipeline_name,
    display_order,
    created_at,
    updated_at,
    _sdc_batched_at as loaded_at
from {{ source('hubspot', 'deal_pipelines') }}
where _sdc_deleted_at is null
