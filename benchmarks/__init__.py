"""Benchmarks of lintperf and the generator of the forms that they, and the tests, run on."""
