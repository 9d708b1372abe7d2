select
    id as timelog_id,
    task_id,
    user_id as contact_id,
    category_id,
    billing_type,
    hours,
    tracked_date,
    nullif(comment, '') as comment,
    created_date as created_at,
    updated_date as updated_at
from {{ source('wrike', 'timelogs') }}
where _sdc_deleted_at is null
