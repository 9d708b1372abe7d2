{% set columns = {
    'id': 'text',
    'name': 'text',
    'date_format': 'text',
    'first_day_of_week': 'text',
    'work_days': 'jsonb',
    'root_folder_id': 'text',
    'recycle_bin_id': 'text',
    'created_date': 'timestamptz',
    'joined_date': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    id as account_id,
    name as account_name,
    date_format,
    first_day_of_week,
    work_days,
    root_folder_id,
    recycle_bin_id,
    created_date as created_at,
    joined_date as joined_at
from {{ optional_source('wrike', 'account', columns) }} as account
where _sdc_deleted_at is null
