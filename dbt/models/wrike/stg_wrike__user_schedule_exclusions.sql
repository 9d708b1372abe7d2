{% set columns = {
    'id': 'text',
    'user_id': 'text',
    'from_date': 'date',
    'to_date': 'date',
    'is_work_days': 'boolean',
    'exclusion_type': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as exclusion_id,
    user_id as contact_id,
    from_date,
    to_date,
    is_work_days,
    exclusion_type
from {{ optional_source('wrike', 'user_schedule_exclusions', columns) }} as user_schedule_exclusions
where _sdc_deleted_at is null
