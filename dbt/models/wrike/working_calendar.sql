-- One row per work schedule and day: the minutes worked that day, and all of them since the calendar begins. The working time between two
-- days is a difference of two rows.

with span as (
    select
        least(min(created_at at time zone 'UTC')::date, min(planned_start)::date) - 1 as first_day,
        greatest(
            max(created_at at time zone 'UTC')::date, max(completed_at at time zone 'UTC')::date, max(planned_due)::date
        ) as last_day
    from {{ ref('stg_wrike__tasks') }}
),

days as (
    select generate_series(first_day, last_day, interval '1 day')::date as calendar_day
    from span
),

schedules as (
    select
        work_schedule_id,
        is_default,
        workweek
    from {{ ref('stg_wrike__work_schedules') }}
    union all
    -- An account whose schedules cannot be read works as Wrike's own default says.
    select
        'default',
        true,
        '[{"workDays": ["Mon", "Tue", "Wed", "Thu", "Fri"], "capacityMinutes": 480}]'::jsonb
    where not exists (select 1 from {{ ref('stg_wrike__work_schedules') }} where is_default)
),

weekdays as (
    select
        schedules.work_schedule_id,
        weekday.name as weekday,
        (week.value ->> 'capacityMinutes')::numeric as capacity_minutes
    from schedules
    cross join lateral jsonb_array_elements(schedules.workweek) as week (value)
    cross join lateral jsonb_array_elements_text(week.value -> 'workDays') as weekday (name)
),

usual as (
    select
        work_schedule_id,
        max(capacity_minutes) as usual_minutes
    from weekdays
    group by work_schedule_id
),

-- A day off wins over an additional day of work.
exclusions as (
    select
        exclusions.work_schedule_id,
        days.calendar_day,
        bool_and(exclusions.is_work_days) as is_work_day
    from {{ ref('stg_wrike__work_schedule_exclusions') }} as exclusions
    inner join days on days.calendar_day between exclusions.from_date and exclusions.to_date
    group by exclusions.work_schedule_id, days.calendar_day
),

working as (
    select
        schedules.work_schedule_id,
        schedules.is_default,
        days.calendar_day,
        coalesce(usual.usual_minutes, 0) as usual_minutes,
        case
            when exclusions.is_work_day then coalesce(weekdays.capacity_minutes, usual.usual_minutes, 0)
            when not exclusions.is_work_day then 0
            else coalesce(weekdays.capacity_minutes, 0)
        end as working_minutes
    from schedules
    cross join days
    left join usual on schedules.work_schedule_id = usual.work_schedule_id
    left join weekdays
        on
            schedules.work_schedule_id = weekdays.work_schedule_id
            and weekdays.weekday = to_char(days.calendar_day, 'Dy')
    left join exclusions
        on
            schedules.work_schedule_id = exclusions.work_schedule_id
            and days.calendar_day = exclusions.calendar_day
)

select
    work_schedule_id || '/' || calendar_day as schedule_day_id,
    work_schedule_id,
    is_default,
    calendar_day,
    usual_minutes,
    working_minutes,
    sum(working_minutes) over (partition by work_schedule_id order by calendar_day) as minutes_so_far
from working
