-- Hours logged by month, project or folder, person and category: what a report of time needs. A task in two folders counts in both.

with placed as (
    select
        tasks.task_id,
        coalesce(own.folder_id, parents.folder_id) as folder_id
    from {{ ref('stg_wrike__tasks') }} as tasks
    left join {{ ref('stg_wrike__task_parents') }} as own on tasks.task_id = own.task_id
    -- A subtask without a folder of its own is where its parent is.
    left join {{ ref('stg_wrike__task_parents') }} as parents
        on own.task_id is null and tasks.super_task_ids ->> 0 = parents.task_id
)

select
    date_trunc('month', timelogs.tracked_date)::date as tracked_month,
    folders.folder_id,
    folders.folder_name,
    coalesce(folders.is_project, false) as is_project,
    timelogs.contact_id,
    contacts.contact_name,
    categories.category_name,
    timelogs.billing_type,
    sum(timelogs.hours) as hours,
    count(*) as timelogs
from {{ ref('stg_wrike__timelogs') }} as timelogs
left join placed on timelogs.task_id = placed.task_id
left join {{ ref('stg_wrike__folders') }} as folders on placed.folder_id = folders.folder_id
left join {{ ref('stg_wrike__contacts') }} as contacts on timelogs.contact_id = contacts.contact_id
left join {{ ref('stg_wrike__timelog_categories') }} as categories on timelogs.category_id = categories.category_id
group by 1, 2, 3, 4, 5, 6, 7, 8
