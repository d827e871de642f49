"""An example plugin of lintperf: a register of park benches."""
