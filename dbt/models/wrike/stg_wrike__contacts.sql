{% set columns = {
    'id': 'text',
    'type': 'text',
    'first_name': 'text',
    'last_name': 'text',
    'primary_email': 'text',
    'title': 'text',
    'company_name': 'text',
    'timezone': 'text',
    'locale': 'text',
    'profiles': 'jsonb',
    'member_ids': 'jsonb',
    'work_schedule_id': 'text',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as contact_id,
    type as contact_type,
    nullif(trim(concat_ws(' ', first_name, last_name)), '') as contact_name,
    first_name,
    nullif(last_name, '') as last_name,
    primary_email,
    title as job_title,
    company_name,
    timezone,
    locale,
    profiles -> 0 ->> 'role' as account_role,
    coalesce((profiles -> 0 ->> 'external')::boolean, false) as is_external,
    coalesce((profiles -> 0 ->> 'admin')::boolean, false) as is_admin,
    member_ids,
    work_schedule_id
from {{ optional_source('wrike', 'contacts', columns) }} as contacts
where _sdc_deleted_at is null
