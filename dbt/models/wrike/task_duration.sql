-- How long tasks are planned to take, how long they took, and how much time was logged on them. One row per task.

with logged as (
    select
        task_id,
        sum(hours) as logged_hours
    from {{ ref('stg_wrike__timelogs') }}
    group by task_id
)

select
    tasks.task_id,
    tasks.task_name,
    tasks.status_group,
    tasks.planned_minutes,
    -- Wrike plans in working minutes; a working day has 480 of them.
    round(tasks.planned_minutes / 480, 2) as planned_days,
    tasks.planned_start,
    tasks.planned_due,
    tasks.planned_due::date - tasks.planned_start::date as calendar_days,
    tasks.created_at,
    tasks.completed_at,
    round(extract(epoch from tasks.completed_at - tasks.created_at) / 3600, 2) as actual_hours_to_complete,
    coalesce(logged.logged_hours, 0) as logged_hours
from {{ ref('stg_wrike__tasks') }} as tasks
left join logged on tasks.task_id = logged.task_id
