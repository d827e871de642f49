"""The command line: options in, exit code out; all it does is done by the layers below."""
