{% set columns = {
    'id': 'text',
    'work_schedule_id': 'text',
    'from_date': 'date',
    'to_date': 'date',
    'is_work_days': 'boolean',
    'exclusion_type': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as exclusion_id,
    work_schedule_id,
    from_date,
    to_date,
    is_work_days,
    exclusion_type
from {{ optional_source('wrike', 'work_schedule_exclusions', columns) }} as work_schedule_exclusions
where _sdc_deleted_at is null
