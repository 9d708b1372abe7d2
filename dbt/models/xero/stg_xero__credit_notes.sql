{% set columns = {
    'tenant_id': 'text',
    'credit_note_id': 'text',
    'type': 'text',
    'status': 'text',
    'credit_note_number': 'text',
    'reference': 'text',
    'contact_id': 'text',
    'date': 'date',
    'currency_code': 'text',
    'currency_rate': 'numeric',
    'sub_total': 'numeric',
    'total_tax': 'numeric',
    'total': 'numeric',
    'remaining_credit': 'numeric',
    'fully_paid_on_date': 'date',
    'updated_date_utc': 'timestamptz',
    '_sdc_deleted_at': 'timestamptz'
} %}

select
    tenant_id,
    credit_note_id,
    type as credit_note_type,
    status as credit_note_status,
    credit_note_number,
    nullif(reference, '') as reference,
    contact_id,
    date as credit_note_date,
    currency_code,
    currency_rate,
    sub_total,
    total_tax,
    total,
    remaining_credit,
    fully_paid_on_date,
    updated_date_utc as updated_at
from {{ optional_source('xero', 'credit_notes', columns) }} as credit_notes
where _sdc_deleted_at is null
