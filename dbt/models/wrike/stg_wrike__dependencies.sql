{% set columns = {
    'id': 'text',
    'predecessor_id': 'text',
    'successor_id': 'text',
    'relation_type': 'text',
    'lag_time': 'numeric',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as dependency_id,
    predecessor_id,
    successor_id,
    relation_type,
    lag_time as lag_minutes
from {{ optional_source('wrike', 'dependencies', columns) }} as dependencies
where _sdc_deleted_at is null
