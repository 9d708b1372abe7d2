{{ xero_report_lines('report_balance_sheet') }}
