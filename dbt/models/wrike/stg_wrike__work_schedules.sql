{% set columns = {
    'id': 'text',
    'title': 'text',
    'schedule_type': 'text',
    'workweek': 'jsonb',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as work_schedule_id,
    title as schedule_name,
    schedule_type = 'Default' as is_default,
    workweek
from {{ optional_source('wrike', 'work_schedules', columns) }} as work_schedules
where _sdc_deleted_at is null
