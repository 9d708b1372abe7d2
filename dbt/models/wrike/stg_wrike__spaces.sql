select
    id as space_id,
    title as space_name,
    access_type,
    archived as is_archived,
    members,
    default_project_workflow_id,
    default_task_workflow_id
from {{ source('wrike', 'spaces') }}
where _sdc_deleted_at is null
