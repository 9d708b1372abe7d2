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
from {{ source('wrike', 'contacts') }}
where _sdc_deleted_at is null
