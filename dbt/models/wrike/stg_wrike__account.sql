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
from {{ source('wrike', 'account') }}
where _sdc_deleted_at is null
