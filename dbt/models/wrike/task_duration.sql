-- How long tasks are planned to take, how long they took, and how much time was logged on them. One row per task. Working time is counted in whole
-- days of the schedule of the first assignee (of the account, when nobody is assigned), without holidays and vacations.

with logged as (
    select
        task_id,
        sum(hours) as logged_hours
    from {{ ref('stg_wrike__timelogs') }}
    group by task_id
),

calendar as (
    select * from {{ ref('working_calendar') }}
),

account_schedule as (
    select
        min(work_schedule_id) as work_schedule_id,
        max(usual_minutes) as usual_minutes
    from calendar
    where is_default
),

tasks as (
    select
        tasks.*,
        tasks.responsible_ids ->> 0 as assignee_id,
        coalesce(contacts.work_schedule_id, account_schedule.work_schedule_id) as work_schedule_id,
        coalesce(nullif(account_schedule.usual_minutes, 0), 480) as minutes_of_a_day
    from {{ ref('stg_wrike__tasks') }} as tasks
    left join {{ ref('stg_wrike__contacts') }} as contacts on tasks.responsible_ids ->> 0 = contacts.contact_id
    cross join account_schedule
),

-- What a person's own exceptions add to or take from the schedule, day by day.
own_days as (
    select
        contacts.contact_id,
        calendar.calendar_day,
        case
            when bool_and(exclusions.is_work_days) then greatest(max(calendar.usual_minutes - calendar.working_minutes), 0)
            else -max(calendar.working_minutes)
        end as added_minutes
    from {{ ref('stg_wrike__user_schedule_exclusions') }} as exclusions
    inner join {{ ref('stg_wrike__contacts') }} as contacts on exclusions.contact_id = contacts.contact_id
    cross join account_schedule
    inner join calendar
        on
            calendar.work_schedule_id = coalesce(contacts.work_schedule_id, account_schedule.work_schedule_id)
            and calendar.calendar_day between exclusions.from_date and exclusions.to_date
    group by contacts.contact_id, calendar.calendar_day
)

select
    tasks.task_id,
    tasks.task_name,
    tasks.status_group,
    tasks.assignee_id,
    tasks.planned_minutes,
    -- Wrike plans in working minutes of the account's working day.
    round(tasks.planned_minutes / tasks.minutes_of_a_day, 2) as planned_days,
    tasks.planned_start,
    tasks.planned_due,
    tasks.planned_due::date - tasks.planned_start::date as calendar_days,
    planned_to.minutes_so_far - planned_from.minutes_so_far + planned_own.added_minutes as planned_working_minutes,
    tasks.created_at,
    tasks.completed_at,
    round(extract(epoch from tasks.completed_at - tasks.created_at) / 3600, 2) as actual_hours_to_complete,
    elapsed_to.minutes_so_far - elapsed_from.minutes_so_far + elapsed_own.added_minutes as elapsed_working_minutes,
    coalesce(logged.logged_hours, 0) as logged_hours
from tasks
left join logged on tasks.task_id = logged.task_id
left join calendar as planned_from
    on tasks.work_schedule_id = planned_from.work_schedule_id and tasks.planned_start::date - 1 = planned_from.calendar_day
left join calendar as planned_to
    on tasks.work_schedule_id = planned_to.work_schedule_id and tasks.planned_due::date = planned_to.calendar_day
left join calendar as elapsed_from
    on
        tasks.work_schedule_id = elapsed_from.work_schedule_id
        and (tasks.created_at at time zone 'UTC')::date - 1 = elapsed_from.calendar_day
left join calendar as elapsed_to
    on
        tasks.work_schedule_id = elapsed_to.work_schedule_id
        and (tasks.completed_at at time zone 'UTC')::date = elapsed_to.calendar_day
cross join lateral (
    select coalesce(sum(own_days.added_minutes), 0) as added_minutes
    from own_days
    where
        own_days.contact_id = tasks.assignee_id
        and own_days.calendar_day between tasks.planned_start::date and tasks.planned_due::date
) as planned_own
cross join lateral (
    select coalesce(sum(own_days.added_minutes), 0) as added_minutes
    from own_days
    where
        own_days.contact_id = tasks.assignee_id
        and own_days.calendar_day
        between (tasks.created_at at time zone 'UTC')::date and (tasks.completed_at at time zone 'UTC')::date
) as elapsed_own
