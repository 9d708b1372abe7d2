{% set columns = {'pipeline_id': 'text', 'id': 'text', 'label': 'text', 'display_order': 'bigint', 'metadata': 'jsonb', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

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
from {{ optional_source('hubspot', 'deal_pipeline_stages', columns) }} as deal_pipeline_stages
where _sdc_deleted_at is null
