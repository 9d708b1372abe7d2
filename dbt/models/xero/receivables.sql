-- What customers owe today, by contact and currency.
{{ xero_aged_invoices('ACCREC', key='receivable_id', count='invoices_open') }}
