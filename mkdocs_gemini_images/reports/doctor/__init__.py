"""What `gemini-images doctor` finds: the set-up, and what was paid and is not in stock.

Begin with `diagnosis.py`, which has the value of a finding. Nothing here writes.
"""
