"""Other tools on the same forms: ajv-cli for the schema alone, Spectral with ten equivalent rules."""
