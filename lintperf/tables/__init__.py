"""Tables over the documents of a run as workbooks, text and data, for the command line and for others."""
