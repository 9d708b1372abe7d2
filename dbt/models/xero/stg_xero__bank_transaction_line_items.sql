{{ xero_line_items('bank_transaction_line_items', 'bank_transaction_id') }}
