"""What one request costs: a quote before it is sent, and its items as billed afterwards.

A quote names each item twice: what is expected, and what it is at most. Amounts are whole
nano-dollars (10^-9 USD), so that sums are exact. Pure. Begin reading in `quote`, which has the
bounds and their reasons; `requests.request_quote` says what a request sends.
"""
