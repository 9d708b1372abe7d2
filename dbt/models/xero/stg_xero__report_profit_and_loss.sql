{{ xero_report_lines('report_profit_and_loss') }}
