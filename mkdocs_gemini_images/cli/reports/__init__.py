"""The commands that tell and change nothing: plan, check, review, gallery, costs, doctor.

They write at most the file that an option names. Begin with `plan.py`.
"""
