{% set columns = {'id': 'text', 'label': 'text', 'display_order': 'bigint', 'created_at': 'timestamptz', 'updated_at': 'timestamptz', '_sdc_deleted_at': 'timestamptz', '_sdc_batched_at': 'timestamptz'} %}

select
    id as pipeline_id,
    label as pipeline_name,
    display_order,
    created_at,
    updated_at,
    _sdc_batched_at as loaded_at
from {{ optional_source('hubspot', 'deal_pipelines', columns) }} as deal_pipelines
where _sdc_deleted_at is null
