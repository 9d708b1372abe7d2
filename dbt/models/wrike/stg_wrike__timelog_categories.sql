{% set columns = {
    'id': 'text',
    'name': 'text',
    'hidden': 'boolean',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as category_id,
    name as category_name,
    hidden as is_hidden
from {{ optional_source('wrike', 'timelog_categories', columns) }} as timelog_categories
where _sdc_deleted_at is null
