with stream as (
    {{ stream_or_empty('wrike', 'work_schedules', {
    'id': 'text',
    'title': 'text',
    'schedule_type': 'text',
    'workweek': 'jsonb'
    }) | indent(4) }}
)

select
    id as work_schedule_id,
    title as schedule_name,
    schedule_type = 'Default' as is_default,
    workweek
from stream
