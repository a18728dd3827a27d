"""What a build says: its messages, composed from values, each with the place it is about.

Begin reading at notices.py; money_notices.py tells of money, closing_line.py sums a build up. The
host logs them, in the order of pages and lines (reports/notice_log.py).
"""
