"""Invented evaluation reports: a consistent project, told in prose and printed in tables, drawn as JSON, Word and HTML.

The oracle of the report importer and of the text rules: a consistent report has no error and no warning, and each
defect of `mutate` breaks one thing and says which rule must find it where. The sentences of `wordings` are held out:
they were written from what offices print, without a look at the patterns of `lintperf_builtin.prose`, and the authors
of those patterns have not read them.
"""
