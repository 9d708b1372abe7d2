{{ xero_advances('prepayments', 'prepayment') }}
