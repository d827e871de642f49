"""The service: a face beside the command line and the language server, over HTTP."""
