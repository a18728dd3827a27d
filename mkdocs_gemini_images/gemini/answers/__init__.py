"""What a server answered, read: unpacked, parsed, unwrapped, and searched for pictures. Pure.

Begin reading at answer.py; framings.py parses JSON and streams, envelopes.py finds the
model's turns, picture_parts.py the pictures in them.
"""
