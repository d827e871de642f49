"""Invented forms: canonical data, the same form as offices of fourteen layout families print it, drawn in every format.

The oracle of the importers: what `families.Family.reduce` leaves of a form is what reading its drawing must give back.
Written from what offices print, never from what the importers look for.
"""
