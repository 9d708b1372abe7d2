{% set columns = {
    'id': 'text',
    'name': 'text',
    'standard': 'boolean',
    'hidden': 'boolean',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as workflow_id,
    name as workflow_name,
    standard as is_standard,
    hidden as is_hidden
from {{ optional_source('wrike', 'workflows', columns) }} as workflows
where _sdc_deleted_at is null
