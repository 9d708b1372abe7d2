select
    id as workflow_id,
    name as workflow_name,
    standard as is_standard,
    hidden as is_hidden
from {{ source('wrike', 'workflows') }}
where _sdc_deleted_at is null
