-- Dates of the plan are local to the account: they have no time zone.

select
    id as task_id,
    title as task_name,
    nullif(brief_description, '') as description,
    status as status_group,
    custom_status_id,
    importance,
    dates ->> 'type' as date_type,
    (dates ->> 'start')::timestamp as planned_start,
    (dates ->> 'due')::timestamp as planned_due,
    (dates ->> 'duration')::numeric as planned_minutes,
    parent_ids,
    super_task_ids,
    jsonb_array_length(coalesce(super_task_ids, '[]')) > 0 as is_subtask,
    sub_task_ids,
    dependency_ids,
    author_ids,
    responsible_ids,
    custom_fields,
    (effort_allocation ->> 'totalEffort')::numeric as effort_minutes,
    billing_type,
    recurrent as is_recurrent,
    permalink,
    created_date as created_at,
    updated_date as updated_at,
    completed_date as completed_at
from {{ source('wrike', 'tasks') }}
where _sdc_deleted_at is null
