{% set columns = {
    'id': 'text',
    'title': 'text',
    'project': 'jsonb',
    'parent_ids': 'jsonb',
    'permalink': 'text',
    'created_date': 'timestamptz',
    'updated_date': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

-- The folders that are projects, with what only a project has.

select
    id as project_id,
    title as project_name,
    project ->> 'status' as project_status,
    project ->> 'customStatusId' as custom_status_id,
    project ->> 'authorId' as author_id,
    project -> 'ownerIds' as owner_ids,
    (project ->> 'startDate')::date as planned_start,
    (project ->> 'endDate')::date as planned_end,
    (project ->> 'completedDate')::timestamptz as completed_at,
    project ->> 'contractType' as contract_type,
    parent_ids,
    permalink,
    created_date as created_at,
    updated_date as updated_at
from {{ optional_source('wrike', 'folders', columns) }} as folders
where
    _sdc_deleted_at is null
    and project is not null
