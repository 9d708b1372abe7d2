-- A standard status may stand in several workflows: workflow and status together are the key.

select
    workflow_id || '/' || id as workflow_status_id,
    workflow_id,
    id as custom_status_id,
    name as status_name,
    "group" as status_group,
    color,
    standard as is_standard,
    hidden as is_hidden
from {{ source('wrike', 'custom_statuses') }}
where _sdc_deleted_at is null
