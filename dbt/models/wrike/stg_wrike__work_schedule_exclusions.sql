with stream as (
    {{ stream_or_empty('wrike', 'work_schedule_exclusions', {
    'id': 'text',
    'work_schedule_id': 'text',
    'from_date': 'date',
    'to_date': 'date',
    'is_work_days': 'boolean',
    'exclusion_type': 'text'
    }) | indent(4) }}
)

select
    id as exclusion_id,
    work_schedule_id,
    from_date,
    to_date,
    is_work_days,
    exclusion_type
from stream
