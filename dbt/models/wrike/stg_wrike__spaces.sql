{% set columns = {
    'id': 'text',
    'title': 'text',
    'access_type': 'text',
    'archived': 'boolean',
    'members': 'jsonb',
    'default_project_workflow_id': 'text',
    'default_task_workflow_id': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as space_id,
    title as space_name,
    access_type,
    archived as is_archived,
    members,
    default_project_workflow_id,
    default_task_workflow_id
from {{ optional_source('wrike', 'spaces', columns) }} as spaces
where _sdc_deleted_at is null
