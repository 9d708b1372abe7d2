{% set columns = {
    'tenant_id': 'text',
    'bank_transfer_id': 'text',
    'from_bank_account_id': 'text',
    'to_bank_account_id': 'text',
    'amount': 'numeric',
    'date': 'date',
    'status': 'text',
    'reference': 'text',
    'created_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    bank_transfer_id,
    from_bank_account_id,
    to_bank_account_id,
    amount,
    date as transfer_date,
    status as transfer_status,
    nullif(reference, '') as reference,
    created_date_utc as created_at
from {{ optional_source('xero', 'bank_transfers', columns) }} as bank_transfers
where _sdc_deleted_at is null
