{% set columns = {
    'workflow_id': 'text',
    'id': 'text',
    'name': 'text',
    'group': 'text',
    'color': 'text',
    'standard': 'boolean',
    'hidden': 'boolean',
    '_sdc_deleted_at': 'timestamptz'
} %}

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
from {{ optional_source('wrike', 'custom_statuses', columns) }} as custom_statuses
where _sdc_deleted_at is null
