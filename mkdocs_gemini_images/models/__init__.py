"""What the models of the API can do and what they cost: tables of facts.

Imports only `core`. Begin reading in `catalogue`; `pricing/` computes what a request costs.
"""
