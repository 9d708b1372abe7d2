{% set columns = {
    'id': 'text',
    'title': 'text',
    'brief_description': 'text',
    'color': 'text',
    'parent_ids': 'jsonb',
    'child_ids': 'jsonb',
    'shared_ids': 'jsonb',
    'workflow_id': 'text',
    'custom_fields': 'jsonb',
    'space': 'boolean',
    'project': 'jsonb',
    'permalink': 'text',
    'created_date': 'timestamptz',
    'updated_date': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

-- Folders, projects and the folders of spaces. A folder can hang in several places: parent_ids has them all.

select
    id as folder_id,
    title as folder_name,
    nullif(brief_description, '') as description,
    color,
    parent_ids,
    child_ids,
    shared_ids,
    workflow_id,
    custom_fields,
    coalesce(space, false) as is_space,
    project is not null as is_project,
    permalink,
    created_date as created_at,
    updated_date as updated_at
from {{ optional_source('wrike', 'folders', columns) }} as folders
where _sdc_deleted_at is null
